import type { Store } from '@tripkey/store';
import type { Sink } from '@tripkey/stream';

/**
 * A store and a sink of a process that is stopped before one of its effects, as by SIGSTOP, and goes on when `goOn`
 * resolves: the effect happens then, however late.
 * @param effects had before
 */
export function paused(store: Store, sink: Sink, effects: number, goOn: Promise<void>) {
  let left = effects;
  let isStopped = false;
  const step = async <T>(isEffect: boolean, act: () => Promise<T>): Promise<T> => {
    if (isEffect && left-- === 0) isStopped = true;
    // Everything stops, not only this.
    if (isStopped) await goOn;
    return act();
  };
  const pausedStore: Store = {
    ...store,
    insert: (...insert) => step(true, () => store.insert(...insert)),
    insertBlock: (...insert) => step(true, () => store.insertBlock(...insert)),
    ask: (...question) => step(false, () => store.ask(...question)),
  };
  const pausedSink: Sink = { send: (records) => step(true, () => sink.send(records)) };
  return { store: pausedStore, findings: pausedSink };
}
