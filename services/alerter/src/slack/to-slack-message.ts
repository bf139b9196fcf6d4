import type { AlertChoice, AlertMessage } from '../alert/alert-message.ts';
import { plainText } from '../alert/plain-text.ts';
import type { StoryLine } from '../alert/response-text.ts';
import { chartBlock, sparkline } from './slack-chart.ts';
import { charsAim, SlackMessage, type SlackMessageDraft } from './slack-message.ts';
import { slackText } from './slack-text.ts';

type BlockDraft = SlackMessageDraft['blocks'][number];

export interface SlackLayout {
  /** Whether clicks reach us; without that there is only the link to the console. */
  readonly buttons?: boolean;
  /** Group that is called, by id; of critical incidents only. */
  readonly mention?: string | null;
  /** Without charts and rich text: for a Slack that refuses one of them. */
  readonly simple?: boolean;
}

/** How much of each value is shown; the next one is tried while the message is too long. */
const scales = [1, 0.7, 0.5, 0.3, 0.15, 0.05] as const;

/**
 * An incident as Slack shows it. Everything from outside is cut to its place, so that no input can make a message
 * that Slack refuses, however long it is and however it is escaped.
 */
export function toSlackAlert(alert: AlertMessage, layout: SlackLayout = {}): SlackMessage {
  let message: SlackMessage | undefined;
  for (const scale of scales) {
    const draft = draftOf(alert, layout, scale);
    const parsed = SlackMessage.safeParse(draft);
    if (parsed.success) message = parsed.data;
    if (message && JSON.stringify(message.blocks).length <= charsAim) return message;
  }
  // Never of our own making: the smallest scale is under the aim whatever comes from outside; a test says so.
  return message ?? SlackMessage.parse(draftOf(alert, layout, scales.at(-1)!));
}

function draftOf(alert: AlertMessage, layout: SlackLayout, scale: number): SlackMessageDraft {
  const cut = (value: string, charsMax: number) =>
    plainText(value, Math.max(12, Math.floor(charsMax * scale)));
  const { simple = false, buttons = false, mention = null } = layout;
  const isCalled = mention !== null && alert.severity === 'critical' && !alert.resolved;
  return {
    text: slackText`${alert.summary}`,
    blocks: [
      { type: 'header', text: plainText(alert.headline, 150) },
      ...(isCalled && !simple ? [called(mention)] : []),
      facts(alert, cut),
      ...(simple ? plainDetails(alert, cut) : richDetails(alert, cut)),
      { type: 'context', elements: alert.footer.slice(0, 10).map((line) => slackText`${cut(line, 300)}`) },
      ...actions(alert, buttons),
    ],
  };
}

type Cut = (value: string, charsMax: number) => string;

function richDetails(alert: AlertMessage, cut: Cut): BlockDraft[] {
  const chart = alert.survey?.chart;
  return [
    ...(chart ? [chartBlock(chart)] : []),
    ...why(alert, cut),
    ...blastRadius(alert, cut),
    ...samples(alert, cut),
  ];
}

/** The same in plain sections: a line of block characters for the chart, no samples. */
function plainDetails(alert: AlertMessage, cut: Cut): BlockDraft[] {
  const chart = alert.survey?.chart;
  const lines = [
    ...(chart ? [sparkline(chart)] : []),
    ...alert.why.map(({ title, detail }) => `${cut(title, 120)}: ${cut(detail, 200)}`),
    ...alert.blastRadius.map((line) => cut(line, 300)),
  ];
  return lines.map((line) => ({ type: 'section', text: slackText`${line || 'nothing to show'}` }));
}

function called(usergroup_id: string): BlockDraft {
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'usergroup', usergroup_id }] }],
  };
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

function facts({ facts: all }: AlertMessage, cut: Cut): BlockDraft {
  const fields = all
    .slice(0, 10)
    .map(({ label, value }) => slackText`*${label}*\n${cut(value, 200) || 'not known'}`);
  return { type: 'section', fields };
}

function why({ why: reasons }: AlertMessage, cut: Cut): BlockDraft[] {
  if (reasons.length === 0) return [];
  const elements = reasons.map(({ title, detail }) => ({
    type: 'rich_text_section' as const,
    elements: [literal(cut(title, 120) || 'unnamed rule', { bold: true }), literal(`: ${cut(detail, 200)}`)],
  }));
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', elements }] }];
}

function blastRadius({ blastRadius: lines }: AlertMessage, cut: Cut): BlockDraft[] {
  if (lines.length === 0) return [];
  const text = lines.map((line) => cut(line, 300)).join('\n');
  const elements = [literal('If you stop it. ', { bold: true }), literal(text)];
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }];
}

function samples({ samples: lines }: AlertMessage, cut: Cut): BlockDraft[] {
  if (lines.length === 0) return [];
  const text = lines.map((line) => cut(line, 200)).join('\n') || ' ';
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
