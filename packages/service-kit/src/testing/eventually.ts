/**
 * Waits until `check` returns without throwing, asking again every few milliseconds: for conditions that another
 * process brings about. The bound is generous, so that a slow machine never fails a test.
 * @throws the last error of `check` when `withinMs` have passed.
 */
export async function eventually<T>(check: () => T | Promise<T>, withinMs = 60_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
