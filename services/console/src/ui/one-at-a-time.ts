/**
 * Does nothing while it is still being done: a second press of a button, or of Enter, is not a second wish.
 * @returns what it resolves to, or undefined where it was not begun
 */
export function oneAtATime<Given extends readonly unknown[], Done>(
  work: (...given: Given) => Promise<Done>,
): (...given: Given) => Promise<Done | undefined> {
  let busy = false;
  return async (...given) => {
    if (busy) return undefined;
    busy = true;
    try {
      return await work(...given);
    } finally {
      busy = false;
    }
  };
}
