import type { SourceFacts } from '../facts.ts';

/** A Monday morning. */
const at = Date.parse('2026-03-02T10:00:00.000Z');

/** An address that used one key from a place that is new to it, and was let through. */
export function aSourceSeen(changes: Partial<SourceFacts> = {}): SourceFacts {
  const keysNew = changes.keysNew ?? 1;
  return {
    at,
    windowFrom: at - 15 * 60_000,
    windowTo: at,
    ip: '198.51.100.7',
    keysNew,
    keysMadeUp: changes.unknownRequests ? 1 : 0,
    accounts: keysNew,
    requests: keysNew * 4,
    denied: 0,
    unknownRequests: 0,
    keyIds: Array.from({ length: Math.min(5, keysNew) }, (_, i) => `key_forms_${i + 1}`),
    ...changes,
  };
}
