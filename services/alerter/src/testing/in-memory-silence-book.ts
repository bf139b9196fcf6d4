import type { Silence, SilenceBook } from '../people/silence.ts';

/** Silences without a database. */
export class InMemorySilenceBook implements SilenceBook {
  readonly #silences = new Map<string, Silence>();

  async put(silence: Silence): Promise<void> {
    this.#silences.set(silence.silence_id, silence);
  }

  async since(sinceMs: number): Promise<(Silence & { readonly hid: number })[]> {
    return [...this.#silences.values()]
      .filter(({ until }) => until >= sinceMs)
      .map((one) => ({ ...one, hid: 0 }));
  }
}
