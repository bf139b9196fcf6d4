/** What is known of a span before it begins. */
export interface SpanFacts {
  readonly kind?: 'internal' | 'producer' | 'consumer' | 'client';
  /** W3C traceparents of what the work goes on with: one is its parent, several are linked. Others than W3C's are passed over. */
  readonly from?: readonly string[];
  readonly attributes?: Readonly<Record<string, string | number>>;
}

/** Traces of what goes through several processes. There is none where nobody asked for it; see `openTracing`. */
export interface Tracing extends AsyncDisposable {
  /** Runs work in a span, below the one that runs now unless `from` says otherwise. What it throws marks the span. */
  span<T>(name: string, facts: SpanFacts, work: () => Promise<T>): Promise<T>;
  /** The span that runs now as W3C traceparent, for whoever goes on with it elsewhere. */
  traceparent(): string | undefined;
}

/** Header of records and requests that carries a traceparent. */
export const traceparentHeader = 'traceparent';
