import { expect, test } from 'vitest';
import { gatewayHealth } from './gateway-health.ts';
import { dayMs, hourMs, minuteMs } from './times.ts';

const now = Date.parse('2026-03-02T10:00:00.000Z');

/** A gateway of a thousand events a day, the last of which, number 500, came a minute ago. */
const seen = (changes = {}) => ({
  ...{
    gateway: 'edge-1',
    last_event_at: now - minuteMs,
    events_hour: 40,
    events_24h: 1_000,
    events_5_min: 3,
  },
  ...{ missing: 0, last_seq: 500, ...changes },
});
/** It lives since yesterday, and said so half a minute ago. */
const run = (changes = {}) => ({
  ...{ gateway: 'edge-1', started_at: now - dayMs, heard_at: now - 30_000, overdue_at: now + 120_000 },
  ...{ emitted: 500, waiting: 0, runs: 1, dropped: {}, ...changes },
});
const silent = { last_event_at: now - 5 * hourMs };
const overdue = { heard_at: now - hourMs, overdue_at: now - 58 * minuteMs };
const closed = { overdue_at: 0 };

test('a gateway that sends no heartbeats is judged by its pace', () => {
  expect(gatewayHealth([seen()], [], now)).toMatchObject([{ blind: false, heartbeat: null }]);
  expect(gatewayHealth([seen(silent)], [], now)).toMatchObject([{ blind: true }]);
  expect(gatewayHealth([seen({ ...silent, events_24h: 5 })], [], now)).toMatchObject([{ blind: false }]);
});

test.each([
  ['delivers', seen(), run(), 'alive', false],
  ['lives and emitted nothing', seen(silent), run(), 'alive', false],
  ['lives and emitted what never came', seen(silent), run({ emitted: 600 }), 'alive', true],
  [
    'was started anew and emitted nothing',
    seen(silent),
    run({ started_at: now - hourMs, emitted: 0 }),
    'alive',
    false,
  ],
  [
    'was started anew and emitted what never came',
    seen(silent),
    run({ started_at: now - hourMs, emitted: 90 }),
    'alive',
    true,
  ],
  ['lives and numbers nothing', seen({ ...silent, last_seq: 0 }), run(), 'alive', true],
  ['stopped saying that it lives', seen(silent), run(overdue), 'overdue', true],
  ['only its heartbeats stay away', seen(), run(overdue), 'overdue', false],
  ['was closed', seen({ ...silent, events_24h: 5 }), run(closed), 'closed', false],
  ['was closed, and is started no more', seen(silent), run(closed), 'closed', true],
])('one that %s', (_, events, says, state, blind) => {
  expect(gatewayHealth([events], [says], now)).toMatchObject([{ blind, heartbeat: { state } }]);
});

test('one without events is told of while it lives or is missed, or when it lost some', () => {
  const runs = [
    run({ gateway: 'idle', emitted: 0 }),
    run({ gateway: 'cut off', emitted: 90 }),
    run({ gateway: 'gone', ...overdue }),
    run({ gateway: 'closed', ...closed }),
    run({ gateway: 'closed with losses', ...closed, dropped: { closed: 3 } }),
  ];
  const health = gatewayHealth([], runs, now);
  expect(health.map(({ gateway, blind }) => [gateway, blind])).toEqual([
    ['idle', false],
    ['cut off', true],
    ['gone', true],
    ['closed with losses', false],
  ]);
  expect(health[3]).toMatchObject({
    last_event_at: null,
    events_24h: 0,
    heartbeat: { dropped: { closed: 3 } },
  });
});
