import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What Prometheus reads from one process. A key id is never a label: per-key numbers live in ClickHouse. */
export class Metrics {
  readonly #registry = new Registry();

  constructor(options: { process?: boolean } = {}) {
    if (options.process) collectDefaultMetrics({ register: this.#registry });
  }

  /** A number that only grows; the name ends in `_total`. */
  counter<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return this.#once(name, () => new Counter<L>({ name, help, labelNames, registers: [this.#registry] }));
  }

  gauge<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
    return this.#once(name, () => new Gauge<L>({ name, help, labelNames, registers: [this.#registry] }));
  }

  histogram<L extends string = never>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: readonly L[] = [],
  ): Histogram<L> {
    return this.#once(
      name,
      () => new Histogram<L>({ name, help, buckets, labelNames, registers: [this.#registry] }),
    );
  }

  /** The Prometheus text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #once<M>(name: string, make: () => M): M {
    return (this.#registry.getSingleMetric(name) as M | undefined) ?? make();
  }
}
