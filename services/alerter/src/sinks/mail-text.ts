import type { AlertMessage } from '../alert/alert-message.ts';
import { plainText } from '../alert/plain-text.ts';

const valueCharsMax = 500;

/** An incident as a plain text mail. Whatever comes from outside is one line. */
export function mailText(alert: AlertMessage): string {
  const width = Math.max(0, ...alert.facts.map(({ label }) => label.length)) + 2;
  const sections = [
    [plainText(alert.summary, 2_000)],
    alert.facts.map(({ label, value }) => `${`${label}:`.padEnd(width)}${plainText(value, valueCharsMax)}`),
    alert.why.map(({ title, detail }) => `* ${plainText(title, 200)}: ${plainText(detail, valueCharsMax)}`),
    alert.samples.map((line) => `    ${plainText(line, valueCharsMax)}`),
    [...(alert.consoleUrl ? [alert.consoleUrl] : []), ...alert.footer.map((line) => plainText(line, 300))],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
