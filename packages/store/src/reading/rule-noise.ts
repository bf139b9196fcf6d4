import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** How often each rule fired since a time, and what became of the incidents that it is part of. */
export const ruleNoise = defineQuestion({
  name: 'rule-noise',
  sql: `
    SELECT
        rule_id, findings, incidents, pages, alone, false_positives, true_positives
    FROM
    (
        SELECT toString(rule_id) AS rule_id, uniqExact(finding_id) AS findings
        FROM findings_v1
        WHERE detected_at >= fromUnixTimestamp64Milli({since:Int64})
          AND window_from >= fromUnixTimestamp64Milli({since:Int64} - 172800000)
        GROUP BY rule_id
    ) AS fired
    FULL JOIN
    (
        SELECT
            arrayJoin(rules) AS rule_id,
            count() AS incidents,
            countIf(told_at IS NOT NULL) AS pages,
            countIf(length(rules) = 1) AS alone,
            countIf(resolution = 'false_positive') AS false_positives,
            countIf(resolution IN ('true_positive_malicious', 'remediated')) AS true_positives
        FROM incidents
        WHERE opened_at >= fromUnixTimestamp64Milli({since:Int64})
        GROUP BY rule_id
    ) AS told USING (rule_id)
    ORDER BY incidents DESC, findings DESC, rule_id`,
  params: z.object({ since: z.int().describe('epoch ms') }),
  row: z.object({
    rule_id: z.string(),
    findings: z.number(),
    incidents: z.number(),
    pages: z.number(),
    alone: z.number(),
    false_positives: z.number(),
    true_positives: z.number(),
  }),
});

/** Messages sent in each of the weeks before a time; week 0 is the last. */
export const pagesByWeek = defineQuestion({
  name: 'pages-by-week',
  sql: `
    SELECT
        intDiv({now:Int64} - toUnixTimestamp64Milli(assumeNotNull(told_at)), 604800000) AS week,
        count() AS pages, countIf(resolution = 'false_positive') AS false_positives
    FROM incidents
    WHERE told_at IS NOT NULL AND told_at > fromUnixTimestamp64Milli({now:Int64} - 604800000 * {weeks:Int64})
      AND told_at <= fromUnixTimestamp64Milli({now:Int64})
    GROUP BY week ORDER BY week`,
  params: z.object({ now: z.int().describe('epoch ms'), weeks: z.int().positive() }),
  row: z.object({ week: z.number(), pages: z.number(), false_positives: z.number() }),
});

/** Findings and incidents of a rule on each day since a time. */
export const daysOfRule = defineQuestion({
  name: 'days-of-rule',
  sql: `
    SELECT toString(day) AS day, sum(found) AS findings, sum(opened) AS incidents
    FROM
    (
        SELECT toDate(detected_at) AS day, uniqExact(finding_id) AS found, 0 AS opened
        FROM findings_v1
        WHERE rule_id = {rule_id:String} AND detected_at >= fromUnixTimestamp64Milli({since:Int64})
        GROUP BY day
        UNION ALL
        SELECT toDate(opened_at) AS day, 0 AS found, count() AS opened
        FROM incidents
        WHERE has(rules, {rule_id:String}) AND opened_at >= fromUnixTimestamp64Milli({since:Int64})
        GROUP BY day
    )
    GROUP BY day ORDER BY day`,
  params: z.object({ rule_id: z.string(), since: z.int().describe('epoch ms') }),
  row: z.object({ day: z.string(), findings: z.number(), incidents: z.number() }),
});
