import { clickHouseIncidentLog } from '@tripkey/alerter';
import { findingFromRow, findingsSince } from '@tripkey/store';
import type { Attacks } from '../../whole/attacks.ts';
import type { SlackChannel } from '../alerter/slack-channel.ts';
import type { Plant } from '../ingest/plant.ts';

/** How what was found and told differs from what happened. All zero: everything held. */
export interface Differences {
  /** Attacks of which no finding is stored. */
  readonly missing_findings: number;
  /** Uses of revoked keys that were found more than once. */
  readonly second_findings: number;
  /** Findings that are stored and never came onto the topic, or the other way round. */
  readonly unpublished_findings: number;
  /** Findings that are in more than one incident, or in one twice. */
  readonly findings_taken_twice: number;
  readonly missing_messages: number;
  readonly second_messages: number;
}

/**
 * Compares attacks, findings, the topic, the incident log, and what people see in Slack.
 * @param onTopic ids of the findings on the topic, as often as they are there
 */
export async function compareTold(
  plant: Plant,
  attacks: Attacks,
  slack: SlackChannel,
  onTopic: readonly string[],
): Promise<{ differences: Differences; publishedAgain: number; findings: number }> {
  const stored = (await plant.store.ask(findingsSince, { since: 0 })).map(findingFromRow);
  const ids = new Set(stored.map(({ finding_id }) => finding_id));
  const events = await clickHouseIncidentLog(plant.store).load(0);
  const taken = events.flatMap((event) => (event.kind === 'finding_added' ? [event.finding.finding_id] : []));
  const { parents, replies } = await slack.read();
  const deliveries = [...parents, ...replies].map(
    ({ ts, metadata }) => metadata?.event_payload?.delivery_id ?? ts,
  );
  const ofRevoked = new Map<string | null, number>();
  for (const { rule_id, key_id } of stored)
    if (rule_id === 'revoked-key-used') ofRevoked.set(key_id, (ofRevoked.get(key_id) ?? 0) + 1);
  const found = new Set(stored.map(({ key_id }) => key_id));
  const attacked = [...attacks.begun('revoked').keys(), ...attacks.begun('spike').keys()];
  const published = new Set(onTopic);
  const messagesOf = (keyId: string) =>
    parents.filter(({ text }) => new RegExp(`\\b${keyId}\\b`).test(text)).length;
  const repeated = (all: readonly string[]) => all.length - new Set(all).size;
  const differences: Differences = {
    missing_findings: attacked.filter((keyId) => !found.has(keyId)).length,
    second_findings: [...attacks.begun('revoked').keys()].filter((key) => (ofRevoked.get(key) ?? 0) > 1)
      .length,
    unpublished_findings:
      [...ids].filter((id) => !published.has(id)).length + [...published].filter((id) => !ids.has(id)).length,
    findings_taken_twice: repeated(taken),
    missing_messages: attacked.filter((keyId) => messagesOf(keyId) === 0).length,
    second_messages:
      repeated(deliveries) + attacked.reduce((sum, keyId) => sum + Math.max(0, messagesOf(keyId) - 1), 0),
  };
  return { differences, publishedAgain: onTopic.length - published.size, findings: ids.size };
}
