import type { AlertRecord } from '../alert/alert-record.ts';
import type { Outgoing } from '../alert/notifier.ts';
import { plainText } from '../alert/plain-text.ts';
import { timeText } from '../alert/wording.ts';

/** The address of a key's owner; null when the issuer names none, or a handle. */
export function ownerAddress({ owner }: Pick<AlertRecord, 'owner'>): string | null {
  return owner !== null && /^[^\s@<>,;:"()]+@[^\s@<>,;:"()]+$/.test(owner) ? owner : null;
}

/** What the owner of a stopped key is told: what happened, why, and how to get it back. */
export function noticeOf(
  message: Exclude<Outgoing, { kind: 'digest' }>,
  contact: string,
): { subject: string; text: string } {
  const { record } = message.alert;
  const key = plainText(record.key_name ? `${record.key_name} (${record.key_id})` : `${record.key_id}`, 300);
  const ask = `Questions: ${plainText(contact, 200)}. Please name incident ${record.incident_id}.`;
  if (message.kind === 'reply')
    return {
      subject: plainText(`Your API key ${key} works again`, 200),
      text: `${plainText(message.line.text, 500)}\n\n${ask}\n`,
    };
  const { done_at: doneAt, undo_until: undoUntil } = record.response ?? {};
  const when = doneAt ? ` at ${timeText(Date.parse(doneAt))}` : '';
  const until = undoUntil ? ` The issuer can do that until ${timeText(Date.parse(undoUntil))}.` : '';
  const lines = [
    `Your API key ${key} was disabled${when}, because it was used in a way that does not look like you:`,
    ...message.alert.why.map(({ title, detail }) => `* ${plainText(title, 200)}: ${plainText(detail, 400)}`),
    '',
    'What to do now:',
    `* If this was you, say so, and the key is enabled again.${until}`,
    '* If it was not, make a new key, put it where this one was, and find out how this one got out.',
    '',
    ask,
  ];
  return { subject: plainText(`Your API key ${key} was disabled`, 200), text: `${lines.join('\n')}\n` };
}
