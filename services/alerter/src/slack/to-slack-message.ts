import type { AlertChoice, AlertMessage } from '../alert/alert-message.ts';
import type { StoryLine } from '../alert/response-text.ts';
import { SlackMessage, type SlackMessageDraft } from './slack-message.ts';
import { plainText, slackText } from './slack-text.ts';

type BlockDraft = SlackMessageDraft['blocks'][number];

/**
 * An incident as Slack shows it. Everything from outside is cut to its place, so that no input can make a message
 * that Slack refuses: the cuts below add up to less than the limit of a whole message, escaped at its worst.
 *
 * @param buttons whether clicks reach us; without that there is only the link to the console
 */
export function toSlackAlert(alert: AlertMessage, { buttons = false } = {}): SlackMessage {
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
      ...actions(alert, buttons),
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

function actions(alert: AlertMessage, buttons: boolean): BlockDraft[] {
  const link = alert.consoleUrl
    ? [
        {
          type: 'button' as const,
          text: 'Open in console',
          url: alert.consoleUrl,
          action_id: 'open_console',
        },
      ]
    : [];
  const elements = [...link, ...(buttons ? alert.choices.map((choice) => control(alert, choice)) : [])];
  return elements.length > 0 ? [{ type: 'actions', elements }] : [];
}

const snoozes = [
  { text: '1 hour', for_ms: 3_600_000 },
  { text: '8 hours', for_ms: 8 * 3_600_000 },
  { text: '24 hours', for_ms: 24 * 3_600_000 },
];

/** The button of a choice. What it carries are ids: everything is looked up again when it comes back. */
function control({ incidentId }: AlertMessage, { kind, operationId }: AlertChoice) {
  const about = { incident: incidentId, operation: operationId };
  if (kind === 'snooze') {
    return {
      type: 'static_select' as const,
      placeholder: 'Snooze',
      action_id: kind,
      options: snoozes.map(({ text, for_ms }) => ({ text, value: JSON.stringify({ ...about, for_ms }) })),
    };
  }
  const { text, style } = controls[kind];
  return {
    type: 'button' as const,
    text,
    value: JSON.stringify(about),
    action_id: kind,
    ...(style ? { style } : {}),
  };
}

const controls: Record<
  Exclude<AlertChoice['kind'], 'snooze'>,
  { text: string; style?: 'primary' | 'danger' }
> = {
  acknowledge: { text: 'Acknowledge' },
  resolve: { text: 'Resolve…' },
  reopen: { text: 'Reopen…' },
  stop: { text: 'Disable key…', style: 'danger' },
  approve: { text: 'Approve', style: 'danger' },
  cancel: { text: 'Cancel the stop', style: 'primary' },
  undo: { text: 'Enable key again…' },
};

function literal(text: string, style?: { bold: true }) {
  return { type: 'text' as const, text, ...(style ? { style } : {}) };
}
