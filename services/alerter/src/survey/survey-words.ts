import { plainText } from '../alert/plain-text.ts';
import { amountText, timeText } from '../alert/wording.ts';
import type { BlastRadius } from './blast-radius.ts';

/** What a stop would block, in two or three lines. Networks and endpoints come from outside: data. */
export function blastRadiusText(blast: BlastRadius): readonly string[] {
  const share = Math.round(100 * (blast.familiar_share ?? 0));
  const usual =
    blast.usual_per_hour === null
      ? 'There is no earlier use to compare with.'
      : `Before, it made about ${amountText(round(blast.usual_per_hour))} an hour, which a stop blocks too.`;
  const block = blast.actions.find(({ action }) => action === 'block_unfamiliar_networks');
  const networks = blast.networks
    .filter((one) => !one.is_familiar)
    .map(({ network, country }) =>
      plainText(country ? `${network || 'unknown'} (${country})` : network || 'unknown', 60),
    );
  const endpoints = blast.endpoints
    .filter((one) => !one.is_familiar)
    .map(({ endpoint }) => plainText(endpoint, 80));
  return [
    `Since ${timeText(blast.since)}: ${amountText(blast.requests)} accepted requests, ${share} % of them like its own past. ${usual}`,
    `Disabling blocks ${amountText(blast.requests)}, of which ${amountText(blast.familiar)} look like its owner; ` +
      `blocking the unfamiliar networks alone, ${amountText(block?.blocks ?? 0)}.`,
    ...(networks.length + endpoints.length > 0
      ? [
          [
            networks.length > 0 ? `New networks: ${networks.slice(0, 3).join(', ')}` : '',
            endpoints.length > 0 ? `New endpoints: ${endpoints.slice(0, 3).join(', ')}` : '',
          ]
            .filter(Boolean)
            .join('. '),
        ]
      : []),
  ];
}

function round(value: number): number {
  return value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
}
