/** Each of these as a line of JSON. */
export async function* jsonLines(all: Iterable<object>): AsyncGenerator<string> {
  for (const one of all) yield JSON.stringify(one);
}
