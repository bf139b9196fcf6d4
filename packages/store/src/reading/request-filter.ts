import * as z from 'zod';

/** Whose requests: keys are found by the sort key, the others by going through the rows of the span. */
export const requestSubjects = ['key', 'source', 'gateway', 'app', 'fleet'] as const;
export type RequestSubject = (typeof requestSubjects)[number];

const conditions: Record<RequestSubject, string> = {
  key: 'key_id IN ({ids:Array(String)})',
  source:
    "(network IN ({ids:Array(String)}) OR replaceRegexpOne(toString(client_ip), '^::ffff:', '') IN ({ids:Array(String)}))",
  gateway: 'gateway IN ({ids:Array(String)})',
  app: 'app_id IN ({ids:Array(String)})',
  fleet: 'notEmpty({ids:Array(String)})',
};

/** SQL for the requests of a subject in a span of event time, each event once. */
export function requestsOf(
  subject: RequestSubject,
  span: readonly [from: string, to: string] = ['from', 'to'],
): string {
  const [from, to] = span;
  return `${conditions[subject]} AND is_repeat = 0
      AND ts >= fromUnixTimestamp64Milli({${from}:Int64}) AND ts < fromUnixTimestamp64Milli({${to}:Int64})`;
}

export const RequestFilter = z.object({
  ids: z.array(z.string()).describe('ids of the subject; a lineage has several keys'),
  from: z.int().describe('epoch ms'),
  to: z.int().describe('epoch ms'),
});
