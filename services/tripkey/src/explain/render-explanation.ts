import { subjectKey } from '@tripkey/contract';
import type { Reproduction } from '@tripkey/detector';
import type { Explanation } from './explain.ts';

/** An explanation for the terminal. Whatever an attacker may have written stands in it as data, never as control. */
export function renderExplanation({ finding, rows, rowsFault, reproduction }: Explanation): string {
  const { evidence } = finding;
  const lines: [label: string, text: string][] = [
    ['subject', `${subjectKey(finding.subject)}${finding.key_id ? `, used as ${finding.key_id}` : ''}`],
    ['window', `${finding.window_from} to ${finding.window_to}, detected ${finding.detected_at}`],
    ['observed', listed(evidence.observed)],
    ['expected', listed(evidence.expected)],
    ...(evidence.quiet_at === undefined
      ? []
      : [['quiet at', JSON.stringify(evidence.quiet_at)] as [string, string]]),
    ['parameters', listed(evidence.params)],
    ...evidence.samples.map((sample): [string, string] => ['sample', listed(sample)]),
    ['facts', evidence.facts ? JSON.stringify(evidence.facts) : 'not kept'],
    [
      'events',
      rows === null ? `cannot be counted: ${rowsFault}` : `${rows.toLocaleString('en')} rows are found by`,
    ],
    ...(evidence.sql === undefined ? [] : [['', evidence.sql] as [string, string]]),
    ['again', told(reproduction)],
  ];
  const head =
    `${finding.finding_id}  ${finding.title}\n` +
    `  ${finding.rule_id} version ${finding.rule_version}: ${finding.severity}, score ${finding.score}`;
  return plain([head, ...lines.map(([label, text]) => `  ${label.padEnd(11)}${text}`)].join('\n'));
}

function told(reproduction: Reproduction): string {
  if (reproduction.outcome === 'same') return 'the same rule on the same facts gives the same numbers';
  if (reproduction.outcome === 'impossible') return `cannot be judged again: ${reproduction.reason}`;
  return reproduction.differences
    .map(({ what, stored, again }) => `${what} is ${JSON.stringify(again)} and was ${JSON.stringify(stored)}`)
    .join('; ');
}

function listed(values: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(values);
  if (entries.length === 0) return 'nothing';
  return entries.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ');
}

/** Control and direction characters as escapes, which SQL reads as the characters that they were. */
function plain(text: string): string {
  return text.replace(/(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}
