/** Kafka topics; a new incompatible message shape gets a new topic with the next version number. */
export const topics = {
  /** RequestEvent v1 from gateways; keyed by key_id where the gateway can. */
  requests: 'tripkey.requests.v1',
  /** Elements of `requests` that could not be used, redacted, with reason and position. */
  deadLetters: 'tripkey.requests.dlq.v1',
  /** Finding v1 from the detector; keyed by subject so that one incident has one writer. */
  findings: 'tripkey.findings.v1',
  /** KeyRecord v1, compacted, keyed by key_id. */
  keys: 'tripkey.keys.v1',
  /** GatewayHeartbeat v1, compacted, keyed by gateway. */
  gateways: 'tripkey.gateways.v1',
} as const;
