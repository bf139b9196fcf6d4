import type { Store } from '@tripkey/store';
import type { Sink } from '@tripkey/stream';

/** The process ended here, as far as the world outside can tell. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

export interface Death {
  /** How many effects (inserts, sends) are had before. */
  readonly effects: number;
  /** Whether the effect in which it dies still happens, its answer being lost. */
  readonly happens: boolean;
}

/** A store and a sink of a process that is killed in one of its effects; nothing it does after that gets out. */
export function mortal(store: Store, sink: Sink, death: Death, onDeath: () => void) {
  let left = death.effects;
  let dead = false;
  const effect = async (act: () => Promise<void>): Promise<void> => {
    if (dead) throw new Killed();
    if (left-- > 0) return act();
    dead = true;
    if (death.happens) await act();
    onDeath();
    throw new Killed();
  };
  const mortalStore: Store = {
    ...store,
    insert: (...insert) => effect(() => store.insert(...insert)),
    insertBlock: (...insert) => effect(() => store.insertBlock(...insert)),
    ask: (...question) => (dead ? Promise.reject(new Killed()) : store.ask(...question)),
  };
  const mortalSink: Sink = { send: (records) => effect(() => sink.send(records)) };
  return { store: mortalStore, findings: mortalSink };
}

/** A store and a sink that fail every sixth effect or so, half of the times after having had it. */
export function shaky(store: Store, sink: Sink) {
  let effects = 0;
  const effect = async (act: () => Promise<void>): Promise<void> => {
    const turn = effects++ % 13;
    if (turn === 5) throw new Error('not now');
    await act();
    if (turn === 12) throw new Error('the answer was lost');
  };
  const shakyStore: Store = {
    ...store,
    insert: (...insert) => effect(() => store.insert(...insert)),
    insertBlock: (...insert) => effect(() => store.insertBlock(...insert)),
  };
  const shakySink: Sink = { send: (records) => effect(() => sink.send(records)) };
  return { store: shakyStore, findings: shakySink };
}
