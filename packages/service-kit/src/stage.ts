/**
 * What a stage makes of an item: it goes on (`pass`), is left out for a good reason (`drop`), or is bad and goes to
 * the dead letters (`reject`). A stage throws only what is worth retrying.
 */
export type Outcome<T> =
  | { readonly kind: 'pass'; readonly item: T }
  | { readonly kind: 'drop'; readonly reason: string }
  | { readonly kind: 'reject'; readonly reason: string };

export type Stage<In, Out> = (item: In) => Outcome<Out>;

export const pass = <T>(item: T): Outcome<T> => ({ kind: 'pass', item });
export const drop = (reason: string): Outcome<never> => ({ kind: 'drop', reason });
export const reject = (reason: string): Outcome<never> => ({ kind: 'reject', reason });
