import type { UsageSeries } from '@tripkey/contract/api';
import { expect, test } from 'vitest';
import { describeChart, highest, mergeSpans, toChartData } from './chart-data.ts';

const start = Date.UTC(2026, 2, 5, 12);
const at = (minute: number) => new Date(start + minute * 60_000).toISOString();

function aSeries(requests: number[], change: Partial<UsageSeries> = {}): UsageSeries {
  return {
    from: at(0),
    to: at(requests.length),
    step_seconds: 60,
    points: requests.map((count, minute) => ({
      at: at(minute),
      requests: count,
      accepted: count,
      denied: 0,
      rate_limited: 0,
      errors_4xx: 0,
      errors_5xx: 0,
      bytes_out: count * 100,
    })),
    band: [],
    baseline: { ready: false, active_days: 1, reason: 'too young' },
    flagged: [],
    ...change,
  };
}

const band = [0, 2].map((minute) => ({ at: at(minute), expected: 5, lower: 2, upper: 9 }));

test('the band stands at its steps, and where there is none nothing is drawn', () => {
  expect(toChartData(aSeries([4, 5, 40], { band })).band).toEqual({
    expected: [5, null, 5],
    lower: [2, null, 2],
    upper: [9, null, 9],
  });
});

test('the band of requests is not drawn around bytes', () => {
  expect(toChartData(aSeries([4, 5, 40], { band }), 'bytes_out').band).toBeNull();
});

test('a chart says in words what it shows', () => {
  const flagged = [
    { from: at(2), to: at(3), incident_id: null, finding_id: 'f', rule_id: 'volume-spike', severity: 'high' },
  ];
  expect(describeChart(toChartData(aSeries([4, 5, 40], { band, flagged })), 'utc')).toBe(
    'Requests from 5 Mar 12:00 to 5 Mar 12:02: 49 in all, most at 5 Mar 12:02 with 40. ' +
      'About 5 were expected then. 1 step of 3 above the expected band. 1 flagged window.',
  );
});

test('an empty span of time says so', () => {
  expect(describeChart(toChartData(aSeries([])), 'utc')).toBe('No data in this span of time.');
});

test('windows that overlap are one, and each rule is named once', () => {
  const spans = [
    { fromMs: 60, toMs: 90, what: 'b' },
    { fromMs: 0, toMs: 60, what: 'a' },
    { fromMs: 10, toMs: 20, what: 'a' },
    { fromMs: 200, toMs: 210, what: 'c' },
  ];
  expect(mergeSpans(spans)).toEqual([
    { fromMs: 0, toMs: 90, what: 'a, b' },
    { fromMs: 200, toMs: 210, what: 'c' },
  ]);
});

test('the band fits into the chart even when the traffic is low', () => {
  expect(highest(toChartData(aSeries([1, 1, 1], { band })))).toBe(9);
});
