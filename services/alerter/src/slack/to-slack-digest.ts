import type { DigestMessage } from '../alert/digest.ts';
import { plainText } from '../alert/plain-text.ts';
import { SlackMessage } from './slack-message.ts';
import { slackText } from './slack-text.ts';

/** Many incidents as one message: a line each, the worst first. */
export function toSlackDigest({ headline, summary, lines, more }: DigestMessage): SlackMessage {
  const text = (value: string) => ({ type: 'text' as const, text: value });
  const items = lines.map((line) => ({
    type: 'rich_text_section' as const,
    elements: [
      text(`${plainText(line.headline, 110)} · ${line.state}`),
      ...(line.url ? [text(' '), { type: 'link' as const, url: line.url, text: 'open' }] : []),
    ],
  }));
  const rest = more > 0 ? ` And ${more} more: the console has them all.` : '';
  return SlackMessage.parse({
    text: slackText`${summary}`,
    blocks: [
      { type: 'header', text: plainText(headline, 150) },
      {
        type: 'rich_text',
        elements: [
          { type: 'rich_text_section', elements: [text(`${plainText(summary, 300)}${rest}`)] },
          { type: 'rich_text_list', style: 'bullet', elements: items },
        ],
      },
    ],
  });
}
