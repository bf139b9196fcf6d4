import { AuditTrail, onStore } from '@tripkey/alerter';
import { readConfig, systemClock } from '@tripkey/service-kit';
import { ClickHouseConfig, lessons, openStore, type Store } from '@tripkey/store';
import { Command } from 'commander';
import * as z from 'zod';
import { UsageError } from '../usage-error.ts';

const LessonsConfig = z.object({
  clickhouse: ClickHouseConfig.prefault({}),
  detector: z.object({ lessonDays: z.coerce.number().int().min(0).default(30) }).prefault({}),
});
const dayMs = 86_400_000;

/** What one false positive taught. */
interface TaughtLesson {
  readonly incidentId: string;
  readonly subject: string;
  readonly by: string;
  readonly from: number;
  readonly until: number;
  /** Highest score that was judged harmless, by rule. */
  readonly rules: Readonly<Record<string, number>>;
}

/** `tripkey lessons`: what false positives taught the detector, and how to take one back. */
export function lessonsCommand(): Command {
  const command = new Command('lessons').description('what false positives taught, for a while');
  command
    .command('list')
    .description('show which rules say less of whom, because an incident was a false positive')
    .option('--json', 'print them as JSON, one a line')
    .action(async ({ json }: { json?: boolean }) => {
      await onLessons(async (store, days) => {
        for (const lesson of await lessonsThatHold(store, days)) {
          process.stdout.write(`${json ? JSON.stringify(lesson) : inWords(lesson)}\n`);
        }
      });
    });
  command
    .command('withdraw')
    .description('let what an incident taught hold no longer; the rules speak as before within a minute')
    .argument('<incident>', 'incident that was resolved as a false positive')
    .requiredOption('--by <name>', 'who wants it')
    .requiredOption('--reason <text>', 'why')
    .action(async (incidentId: string, { by, reason }: { by: string; reason: string }) => {
      await onLessons(async (store, days) => {
        const found = (await lessonsThatHold(store, days)).find((lesson) => lesson.incidentId === incidentId);
        if (!found) throw new UsageError(`incident ${incidentId} teaches nothing that holds`);
        await withdrawLesson(store, { incidentId, by, reason, at: Date.now() });
      });
    });
  return command;
}

/** What was taught within the last days and was not withdrawn, in the order of time. */
export async function lessonsThatHold(store: Store, days: number): Promise<TaughtLesson[]> {
  const rows = await store.ask(lessons, { since: Date.now() - days * dayMs });
  const byIncident = Map.groupBy(
    rows.filter((row) => row.withdrawn_at === 0),
    (row) => row.incident_id,
  );
  return [...byIncident].map(([incidentId, [first, ...further]]) => ({
    incidentId,
    subject: `${first!.subject_kind}:${first!.subject_id}`,
    by: first!.by,
    from: first!.resolved_at,
    until: first!.resolved_at + days * dayMs,
    rules: Object.fromEntries([first!, ...further].map((row) => [row.rule_id, row.score])),
  }));
}

/** Takes a lesson back. On record first: what changes detection is never without it. */
export async function withdrawLesson(
  store: Store,
  { incidentId, by, reason, at }: { incidentId: string; by: string; reason: string; at: number },
): Promise<void> {
  const audit = new AuditTrail({ log: onStore(store).auditLog, clock: systemClock });
  const data = JSON.stringify({ incident_id: incidentId, reason });
  audit.add([
    { at, kind: 'lesson_withdrawn', actor: `cli:${by}`, incident_id: incidentId, incident_seq: 0, data },
  ]);
  await audit.flush();
  const row = { incident_id: incidentId, at: new Date(at).toISOString(), by, reason };
  await store.insert('lessons_withdrawn_v1', [row], `lesson-withdrawn:${incidentId}:${at}`);
}

function inWords({ incidentId, subject, by, until, rules }: TaughtLesson): string {
  const what = Object.entries(rules).map(([rule, score]) => `${rule} up to ${score.toFixed(1)}`);
  return `${incidentId} until ${new Date(until).toISOString()} by ${by}: ${subject}, ${what.join(', ')}`;
}

async function onLessons(work: (store: Store, days: number) => Promise<void>): Promise<void> {
  const config = readConfig(LessonsConfig, process.env);
  await using store = openStore(config.clickhouse);
  await work(store, config.detector.lessonDays);
}
