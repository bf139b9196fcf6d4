import type { Subject } from '@tripkey/contract';
import type { UsageSeries } from '@tripkey/contract/api';
import { type Baseline, readBaseline } from '@tripkey/detector';
import {
  flaggedWindows,
  incidentsOfFindings,
  profileOf,
  usageFromRaw,
  usageOfKeys,
} from '@tripkey/store/reading';
import type { AnswerParts } from './answer-parts.ts';
import type { Span } from './read-span.ts';
import type { SubjectRequests } from './subject-requests.ts';
import { iso } from './times.ts';
import { everyStep } from './usage-points.ts';

const pointsWanted = 300;
const steps = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200, 86_400];
/** Points that a chart has at most; a smaller step needs a shorter span. */
export const pointsMax = 5_000;

/** The step, in seconds, that gives about as many points as a chart can show. */
export function stepFor(span: Span): number {
  const wanted = (span.to - span.from) / 1000 / pointsWanted;
  return steps.find((step) => step >= wanted) ?? 86_400;
}

/**
 * Requests of a subject over time, with what the detector expects and the windows that it flagged. The first step is a whole
 * one and begins before `from` if need be; of the last, what is expected is for the part of it that is asked about.
 */
export async function readUsage(
  { store, log }: Pick<AnswerParts, 'store' | 'log'>,
  subject: Subject,
  requests: SubjectRequests,
  span: Span & { readonly step: number },
  signal?: AbortSignal,
): Promise<UsageSeries> {
  const { to, step } = span;
  const stepMs = step * 1000;
  const from = Math.floor(span.from / stepMs) * stepMs;
  const ids = [...requests.ids];
  const [rows, profiles, windows] = await Promise.all([
    requests.subject === 'key'
      ? store.ask(usageOfKeys, { keys: ids, from, to, step }, signal)
      : store.ask(usageFromRaw(requests.subject), { ids, from, to, step }, signal),
    subject.kind === 'key' ? store.ask(profileOf, { subject: `key:${subject.id}` }, signal) : [],
    store.ask(flaggedWindows, { subject_kind: subject.kind, subject_id: subject.id, from, to }, signal),
  ]);
  const points = everyStep(rows, { from, to, step });
  const baseline = read(profiles[0]?.profile, log);
  const incidents = await incidentsOf(
    store,
    windows.map(({ finding_id }) => finding_id),
    signal,
  );
  const ready = typeof baseline !== 'string' && baseline.windows >= windowsNeeded;
  return {
    from: iso(from),
    to: iso(to),
    step_seconds: step,
    points,
    band: ready
      ? points.map(({ at }) => {
          const start = Date.parse(at);
          const { expected, lower, upper } = baseline.band(start, Math.min(start + stepMs, to));
          return { at, expected: Math.round(expected * 10) / 10, lower, upper };
        })
      : [],
    baseline: {
      ready,
      active_days: typeof baseline === 'string' ? 0 : baseline.activeDays,
      reason:
        typeof baseline === 'string' ? baseline : ready ? null : 'the key was not watched for a day yet',
    },
    flagged: windows.map(({ finding_id, rule_id, severity, window_from, window_to }) => ({
      ...{ finding_id, rule_id, severity, from: iso(window_from), to: iso(window_to) },
      incident_id: incidents.get(finding_id) ?? null,
    })),
  };
}

/** Quarter hours: a day. */
const windowsNeeded = 96;

/** What was learnt, or why there is nothing. */
function read(profile: string | undefined, log: AnswerParts['log']): Baseline | string {
  if (profile === undefined) return 'nothing was learnt of it yet';
  try {
    return readBaseline(profile);
  } catch (err) {
    log.warn({ err }, 'a profile cannot be read; it is probably of another release');
    return 'what was learnt is of another release';
  }
}

/** The incidents that findings are in, by finding. */
export async function incidentsOf(
  store: AnswerParts['store'],
  findings: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  if (findings.length === 0) return new Map();
  const rows = await store.ask(incidentsOfFindings, { findings: [...findings] }, signal);
  return new Map(rows.map(({ finding_id, incident_id }) => [finding_id, incident_id]));
}
