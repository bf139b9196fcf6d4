/** What a gateway decided about the key of a request. */
export type Outcome =
  | 'valid'
  | 'rate_limited'
  | 'expired'
  | 'disabled'
  | 'insufficient_permissions'
  | 'forbidden'
  | 'usage_exceeded'
  | 'unknown_key';

/** What a caller knows about one API request. Never the key's secret, and nothing derived from it. */
export interface RequestFacts {
  /** Public id of the key; `unknownKeyId` when the gateway knows no such key. */
  readonly key_id: string;
  readonly method: string;
  /** HTTP status, 100 to 599. */
  readonly status: number;
  /** Unique per request; default: a UUIDv7. */
  readonly event_id?: string | undefined;
  /** When the request came, epoch ms or RFC 3339; default: when it is emitted. */
  readonly ts?: number | string | undefined;
  readonly account_id?: string | undefined;
  readonly app_id?: string | undefined;
  /** Route template, such as `/v1/leads/{id}`. */
  readonly route?: string | undefined;
  /** Path as requested; its query string does not leave the process. */
  readonly path?: string | undefined;
  readonly outcome?: Outcome | undefined;
  readonly client_ip?: string | undefined;
  readonly user_agent?: string | undefined;
  /** Bytes of the request's and of the response's body. */
  readonly bytes_in?: number | undefined;
  readonly bytes_out?: number | undefined;
  readonly latency_ms?: number | undefined;
  /** Credits that this call used up. */
  readonly cost?: number | undefined;
  readonly trace_id?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** One request as Tripkey takes it (RequestEvent v1). */
export interface EmittedEvent extends RequestFacts {
  readonly event_id: string;
  /** RFC 3339. */
  readonly ts: string;
  readonly gateway: string;
  readonly gateway_seq: number;
}

/**
 * The id under which requests with no key, or with one that the gateway does not know, are told. One id for all of
 * them: an attacker who makes up keys must not be able to make up ids, and a mistyped secret must not become one.
 */
export const unknownKeyId = 'unknown';
