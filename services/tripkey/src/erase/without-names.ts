const erased = 'erased';
/** What these hold is of our own making, whatever an account is called. */
const closed = new Set(['kind', 'severity', 'rule_id', 'rules', 'resolution', 'finding_id', 'incident_id']);
const word = /[\w@~-]+(?:\.[\w@~-]+)*/g;

/** JSON in which `erased` stands for each of some names, be it a whole text or a word of one. A part of a word is another's. */
export function withoutNames(json: string, names: ReadonlySet<string>): string {
  const without = (text: string) =>
    names.has(text) ? erased : text.replace(word, (one) => (names.has(one) ? erased : one));
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return without(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [name, closed.has(name) ? part : walk(part)]),
    );
  };
  return JSON.stringify(walk(JSON.parse(json)));
}
