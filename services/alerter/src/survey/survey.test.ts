import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BlastRadius, blastRadiusOf, type TrafficRow } from './blast-radius.ts';
import { chartOf, UsageChart } from './chart.ts';
import { blastRadiusText } from './survey-words.ts';

const facts = { since: 0, until: 3_600_000, usualPerHour: 40 };
const row = (changes: Partial<TrafficRow>): TrafficRow => ({
  ...{ network: 'home', country: 'DE', method: 'GET', route: '/v1/leads', requests: 10 },
  ...{ knows_network: 1, knows_endpoint: 1, ...changes },
});
const anyRow = fc.record({
  network: fc.constantFrom('home', 'office', 'thief', 'cloud', 'café', 'vpn', 'else'),
  country: fc.constantFrom('DE', ''),
  method: fc.constantFrom('GET', 'POST'),
  route: fc.constantFrom('/a', '/b', '/c', '/d'),
  requests: fc.integer({ min: 1, max: 1_000_000 }),
  knows_network: fc.constantFrom(0, 1),
  knows_endpoint: fc.constantFrom(0, 1),
});

describe('what a stop would block', () => {
  test('is told apart into what looks like the owner and what does not', () => {
    const blast = blastRadiusOf(
      [
        row({}),
        row({ network: 'thief', country: 'RO', requests: 70, knows_network: 0 }),
        row({ method: 'DELETE', requests: 20, knows_endpoint: 0 }),
      ],
      facts,
    );
    expect(blast).toMatchObject({ requests: 100, familiar: 10, familiar_share: 0.1, networks_total: 2 });
    expect(blast.networks[0]).toMatchObject({ network: 'thief', requests: 70, is_familiar: false });
    expect(blast.actions).toEqual([
      { action: 'disable', blocks: 100, blocks_familiar: 10 },
      { action: 'block_unfamiliar_networks', blocks: 70, blocks_familiar: 0 },
    ]);
    expect(blastRadiusText(blast).join('\n')).toMatchInlineSnapshot(`
      "Since 1970-01-01 00:00 UTC: 100 accepted requests, 10 % of them like its own past. Before, it made about 40 an hour, which a stop blocks too.
      Disabling blocks 100, of which 10 look like its owner; blocking the unfamiliar networks alone, 70.
      New networks: thief (RO). New endpoints: DELETE /v1/leads"
    `);
  });

  test('never adds up to more than there was, and nothing blocks more than disabling', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 60 }), (rows) => {
        const blast = BlastRadius.parse(blastRadiusOf(rows, facts));
        const total = rows.reduce((sum, { requests }) => sum + requests, 0);
        expect(blast.requests).toBe(total);
        expect(blast.familiar).toBeLessThanOrEqual(total);
        for (const { blocks, blocks_familiar } of blast.actions) {
          expect(blocks).toBeLessThanOrEqual(total);
          expect(blocks_familiar).toBeLessThanOrEqual(blocks);
        }
      }),
    );
  });
});

describe('the chart of a key', () => {
  test('shows what is seen beside the median of the days before', () => {
    const at = (days_ago: number, bucket: number, requests: number) => ({ days_ago, bucket, requests });
    const chart = UsageChart.parse(chartOf([at(0, 19, 900), at(1, 19, 10), at(2, 19, 30), at(3, 0, 5)], 0));
    expect(chart).toMatchObject({ days: 3 });
    expect([chart.seen[19], chart.usual?.[19], chart.usual?.[0]]).toEqual([900, 10, 0]);
  });

  test('of a key without a past has nothing to compare with', () => {
    expect(chartOf([], 0)).toMatchObject({ usual: null, days: 0 });
  });
});
