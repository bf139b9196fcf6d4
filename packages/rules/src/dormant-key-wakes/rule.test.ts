import { aKeySeen, describeRule } from '../testing/index.ts';
import { dormantKeyWakes } from './rule.ts';

const dayMs = 86_400_000;
const now = Date.parse('2026-03-02T10:00:00.000Z');

describeRule(dormantKeyWakes, {
  fires: {
    'after three weeks, having never paused longer than a night': aKeySeen({
      history: { idleMsBefore: 21 * dayMs },
    }),
    'for the first time, half a year after it was made': aKeySeen({
      key: { created_at: '2025-09-01T00:00:00.000Z' },
      history: {
        firstSeenAt: now - 60_000,
        lastSeenAt: null,
        idleMsBefore: 0,
        idleMsLongest: 0,
        idleCount: 0,
      },
    }),
  },
  staysQuiet: {
    'after a night': aKeySeen(),
    'after a week': aKeySeen({ history: { idleMsBefore: 7 * dayMs } }),
    'a monthly job': aKeySeen({ history: { idleMsBefore: 31 * dayMs, idleMsLongest: 30 * dayMs } }),
    'a new key used for the first time': aKeySeen({
      key: { created_at: '2026-03-01T00:00:00.000Z' },
      history: {
        firstSeenAt: now - 60_000,
        lastSeenAt: null,
        idleMsBefore: 0,
        idleMsLongest: 0,
        idleCount: 0,
      },
    }),
    'a dormant key that is refused': aKeySeen({
      fresh: { requests: 3, accepted: 0, denied: 3 },
      history: { idleMsBefore: 21 * dayMs },
    }),
  },
  knownGaps: {
    'a yearly job in its first year': [aKeySeen({ history: { idleMsBefore: 90 * dayMs } }), 'fire'],
  },
});
