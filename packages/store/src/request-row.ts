/** Columns of `requests_raw_v1` in the order in which ingest encodes them. */
export const requestColumns = [
  'ts',
  'event_id',
  'key_id',
  'account_id',
  'app_id',
  'method',
  'route',
  'path',
  'status',
  'outcome',
  'client_ip',
  'network',
  'asn',
  'country',
  'user_agent',
  'agent_family',
  'bytes_in',
  'bytes_out',
  'latency_ms',
  'cost',
  'gateway',
  'gateway_seq',
  'trace_id',
  'tags',
  'arrived_at',
  '_topic',
  '_partition',
  '_offset',
  '_idx',
  'is_repeat',
] as const;

/** One row of `requests_raw_v1`. Times are epoch milliseconds. */
export interface RequestRow {
  ts: number;
  event_id: string;
  key_id: string;
  account_id: string;
  app_id: string;
  method: string;
  route: string;
  path: string;
  status: number;
  outcome: string;
  client_ip: string;
  network: string;
  asn: number;
  country: string;
  user_agent: string;
  agent_family: string;
  bytes_in: number;
  bytes_out: number;
  latency_ms: number;
  cost: number;
  gateway: string;
  gateway_seq: number;
  trace_id: string;
  tags: Record<string, string>;
  arrived_at: number;
  _topic: string;
  _partition: number;
  _offset: bigint;
  _idx: number;
  /** 1: the event was sent before; nothing counts this row. */
  is_repeat: number;
}
