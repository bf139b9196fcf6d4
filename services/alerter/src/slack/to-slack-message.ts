import type { AlertMessage } from '../alert/alert-message.ts';
import type { StoryLine } from '../alert/response-text.ts';
import { SlackMessage, type SlackMessageDraft } from './slack-message.ts';
import { plainText, slackText } from './slack-text.ts';

type BlockDraft = SlackMessageDraft['blocks'][number];

/**
 * An incident as Slack shows it. Everything from outside is cut to its place, so that no input can make a message
 * that Slack refuses: the cuts below add up to less than the limit of a whole message, escaped at its worst.
 */
export function toSlackAlert(alert: AlertMessage): SlackMessage {
  return SlackMessage.parse({
    text: slackText`${alert.summary}`,
    blocks: [
      { type: 'header', text: plainText(alert.headline, 150) },
      ...sections(alert),
      ...why(alert),
      ...samples(alert),
      {
        type: 'context',
        elements: alert.footer.slice(0, 10).map((line) => slackText`${plainText(line, 300)}`),
      },
      ...actions(alert),
    ],
  });
}

/** A step of the story as Slack shows it in the thread. */
export function toSlackReply(line: StoryLine): SlackMessage {
  const text = plainText(line.text, 700);
  return SlackMessage.parse({
    text: slackText`${text}`,
    blocks: [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [literal(text)] }] }],
  });
}

/** The same message without blocks, for a Slack that refuses one of them. */
export function withoutBlocks(message: SlackMessage): SlackMessage {
  return { text: message.text, blocks: [] };
}

function sections({ facts }: AlertMessage): BlockDraft[] {
  const fields = facts
    .slice(0, 10)
    .map(({ label, value }) => slackText`*${label}*\n${plainText(value, 200) || 'not known'}`);
  return [{ type: 'section', fields }];
}

function why({ why: reasons }: AlertMessage): BlockDraft[] {
  if (reasons.length === 0) return [];
  const elements = reasons.map(({ title, detail }) => ({
    type: 'rich_text_section' as const,
    elements: [
      literal(plainText(title, 120) || 'unnamed rule', { bold: true }),
      literal(`: ${plainText(detail, 200)}`),
    ],
  }));
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', elements }] }];
}

function samples({ samples: lines }: AlertMessage): BlockDraft[] {
  if (lines.length === 0) return [];
  const text = lines.map((line) => plainText(line, 200)).join('\n') || ' ';
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [literal(text)] }] }];
}

function actions({ consoleUrl }: AlertMessage): BlockDraft[] {
  if (!consoleUrl) return [];
  const open = {
    type: 'button' as const,
    text: 'Open in console',
    url: consoleUrl,
    action_id: 'open_console',
  };
  return [{ type: 'actions', elements: [open] }];
}

function literal(text: string, style?: { bold: true }) {
  return { type: 'text' as const, text, ...(style ? { style } : {}) };
}
