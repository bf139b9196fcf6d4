/**
 * What of its facts a judgement looked at: enough to make the same judgement again. Lists are taken whole; facts that
 * do not exist, or that nobody looked at, are left out.
 * @param evaluate the judgement, without effects; it is made once more to find out
 */
export function factsRead<F extends object>(
  facts: F,
  evaluate: (facts: F) => unknown,
): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  evaluate(watched(facts, read));
  return read;
}

/** The same facts, which note in `read` whatever is looked at. */
function watched<F extends object>(facts: F, read: Record<string, unknown>): F {
  return new Proxy(facts, {
    get(target, name) {
      const fact: unknown = Reflect.get(target, name);
      if (typeof name === 'symbol' || fact === undefined) return fact;
      if (typeof fact !== 'object' || fact === null || Array.isArray(fact)) {
        read[name] = fact;
        return fact;
      }
      const inner = (read[name] ?? {}) as Record<string, unknown>;
      read[name] = inner;
      return watched(fact, inner);
    },
  });
}
