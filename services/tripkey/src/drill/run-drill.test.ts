import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { IncidentCommand, IncidentEvent } from '@tripkey/alerter';
import { RequestEvent } from '@tripkey/contract';
import { ManualClock } from '@tripkey/service-kit/testing';
import { describe, expect, test } from 'vitest';
import { attackOf, drillAttacks, habitOf } from './canary-traffic.ts';
import { writeDrillMetrics } from './drill-metrics.ts';
import { runDrill, summaryOf } from './run-drill.ts';

/** Everything behind ingest: opens an incident and posts a message some time after an attack, or does not. */
class PathBehindIngest {
  readonly clock = new ManualClock();
  readonly events: IncidentEvent[] = [];
  foundAfterMs: number | null = 2_000;
  toldAfterMs: number | null = 3_000;
  /** Stands behind the id of the message: the destination, when it is not the one where people are. */
  destination = '';
  #incidents = 0;

  readonly post = async ([first]: readonly RequestEvent[]) => {
    const keyId = first!.key_id!;
    const now = this.clock.now();
    const head = { incident_id: `inc_${++this.#incidents}`, subject: { kind: 'key', id: keyId } } as const;
    const opened = { kind: 'opened', key_id: keyId, account_id: '', app_id: '', partition: 0 } as const;
    if (this.foundAfterMs === null) return;
    this.events.push({ ...head, ...opened, seq: 1, at: now + this.foundAfterMs, severity: 'high', score: 9 });
    if (this.toldAfterMs === null) return;
    const sent = {
      kind: 'message_sent',
      delivery_id: `${head.incident_id}:message${this.destination}`,
      content: 'x',
    } as const;
    this.events.push({ ...head, ...sent, seq: 2, at: now + this.toldAfterMs, channel: 'C1', ts: '1' });
  };
  readonly incidentLog = { load: async () => this.events.filter(({ at }) => at <= this.clock.now()) };
  readonly commands = {
    send: async ({ incident_id, command_id, by }: IncidentCommand) => {
      const last = this.events.findLast((one) => one.incident_id === incident_id)!;
      const body = { kind: 'resolved', reason: 'testing_or_maintenance', last_finding_at: 0 } as const;
      const { subject, seq } = last;
      this.events.push({ incident_id, subject, ...body, by, command_id, seq: seq + 1, at: this.clock.now() });
    },
  };

  async drill(keyIds: string[]) {
    const { signal } = new AbortController();
    let over = false;
    const running = runDrill(this, { keyIds, attack: 'burst', withinMs: 60_000 }, signal).finally(() => {
      over = true;
    });
    while (!over) {
      await new Promise((resolve) => setImmediate(resolve));
      await this.clock.advance(1_000);
    }
    return running;
  }
}

describe('a drill', () => {
  test('measures from the attack to the message, and leaves nothing open', async () => {
    const path = new PathBehindIngest();
    const results = await path.drill(['canary_1', 'canary_2']);
    expect(results.map(({ found_ms, told_ms }) => [found_ms, told_ms])).toEqual([
      [2_000, 3_000],
      [2_000, 3_000],
    ]);
    expect(summaryOf(results)).toMatchObject({ attacks: 2, told: 2, recall: 1, told_ms_max: 3_000 });
    expect(path.events.filter(({ kind }) => kind === 'resolved')).toHaveLength(2);
  });

  test('counts an attack that nobody was told of, be it not found or not posted', async () => {
    const silent = new PathBehindIngest();
    silent.foundAfterMs = null;
    expect(summaryOf(await silent.drill(['canary_1']))).toMatchObject({ found: 0, told: 0, recall: 0 });
    const mute = new PathBehindIngest();
    mute.toldAfterMs = null;
    expect(summaryOf(await mute.drill(['canary_1']))).toMatchObject({ found: 1, told: 0, recall: 0 });
    const toMachines = new PathBehindIngest();
    toMachines.destination = ':siem';
    expect(summaryOf(await toMachines.drill(['canary_1']))).toMatchObject({ found: 1, told: 0, recall: 0 });
  });

  test('tells Prometheus recall, times and when it was', () => {
    const folder = mkdtempSync(`${tmpdir()}/tripkey-drill-`);
    const results = [{ key_id: 'k', attack: 'walk', started_at: '', found_ms: 900, told_ms: 1_500 }] as const;
    writeDrillMetrics(`${folder}/drill.prom`, summaryOf(results), 1_772_445_666_000);
    const text = readFileSync(`${folder}/drill.prom`, 'utf8');
    rmSync(folder, { recursive: true });
    expect(text).toMatch(/^tripkey_drill_recall 1$/m);
    expect(text).toMatch(/^tripkey_drill_told_seconds_max 1\.5$/m);
    expect(text).toMatch(/^tripkey_drill_last_timestamp_seconds 1772445666$/m);
  });
});

test.each(drillAttacks)(
  'the attack %s is made of events that ingest takes, and lies in the past',
  (attack) => {
    const now = Date.parse('2026-03-02T10:00:00.000Z');
    const events = [...attackOf(attack, 'canary_1', now), habitOf('canary_1', now)];
    for (const event of events) {
      expect(RequestEvent.safeParse(event).success).toBe(true);
      expect(Date.parse(String(event.ts))).toBeLessThanOrEqual(now);
    }
  },
);
