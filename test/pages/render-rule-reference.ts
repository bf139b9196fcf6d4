import { readFileSync } from 'node:fs';
import {
  adviceRules,
  allRules,
  fleetRules,
  gatewayRules,
  reportRules,
  rulePage,
  sourceRules,
} from '@tripkey/rules';
import * as z from 'zod';

type AnyRule = (typeof allRules)[number];

const judged: readonly (readonly [readonly AnyRule[], string])[] = [
  [sourceRules as unknown as AnyRule[], 'an address'],
  [gatewayRules as unknown as AnyRule[], 'a gateway'],
  [fleetRules as unknown as AnyRule[], 'all keys together'],
  [adviceRules as unknown as AnyRule[], 'how a key is kept, once a day'],
  [reportRules as unknown as AnyRule[], 'a report from outside'],
];

/** The reference of all rules, in Markdown, from what the code and the pages of the rules say. */
export function renderRuleReference(): string {
  const head = `# Rule reference

Every rule with its parameters and their defaults; another value is set under \`detector.rules\`, such as
\`detector: { rules: { volume-spike: { scoreMin: 4 } } }\`. How rules work together: [what is detected](rules.md). This page is made from
the rules: \`npm test -- test/pages/rule-reference -u\`.
`;
  return [head, ...allRules.map(sectionOf)].join('\n');
}

function sectionOf(rule: AnyRule): string {
  const why =
    /\n## Why it matters\n\n([\s\S]*?)\n\n/.exec(`${readFileSync(rulePage(rule.id), 'utf8')}\n\n`)?.[1] ?? '';
  const about = judged.find(([rules]) => rules.includes(rule))?.[1] ?? 'a key';
  const marks = [...rule.attack.map((id) => `ATT&CK ${id}`), ...rule.owasp.map((id) => `OWASP ${id}`)];
  const facts = [`judges ${about}`, `group ${rule.group}`, `version ${rule.version}`, ...marks];
  const params = Object.entries(propertiesOf(rule)).map(
    ([name, { default: value, description }]) => `- \`${name}\` (${JSON.stringify(value)}): ${description}`,
  );
  return `## ${rule.id}

**${rule.title}** ([page](../../packages/rules/src/${rule.id}/README.md)): ${facts.join(', ')}.

${why}
${params.length === 0 ? '' : `\n${params.join('\n')}\n`}`;
}

function propertiesOf(rule: AnyRule): Record<string, { default?: unknown; description?: string }> {
  const { properties } = z.toJSONSchema(rule.params, { io: 'input', unrepresentable: 'any' });
  return (properties ?? {}) as Record<string, { default?: unknown; description?: string }>;
}
