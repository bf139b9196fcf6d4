import * as z from 'zod';
import { SlackText } from './slack-text.ts';

/**
 * Limit of all blocks together. Undocumented: Slack answers `msg_blocks_too_long` (bolt-js issue 2509). The others in
 * this file are from https://docs.slack.dev/reference/block-kit/blocks; Slack refuses a message over any of them.
 */
const charsMax = 13_000;
/** What we keep to: the limit above is nowhere promised. */
export const charsAim = 8_000;

/** Parsed by Slack; `verbatim` turns off its search for links, channels and people. */
const mrkdwn = (lengthMax: number) =>
  z
    .custom<SlackText>((value) => value instanceof SlackText, 'text that Slack parses comes from slackText')
    .transform(({ mrkdwn: text }) => ({ type: 'mrkdwn' as const, text, verbatim: true as const }))
    .refine(({ text }) => text.length > 0 && text.length <= lengthMax, `1 to ${lengthMax} characters`);
/** Taken literally. */
const plain = (lengthMax: number) =>
  z
    .string()
    .min(1)
    .max(lengthMax)
    .transform((text) => ({ type: 'plain_text' as const, text, emoji: false as const }));

const literal = z.object({
  type: z.literal('text'),
  text: z.string().min(1).max(3000),
  style: z.object({ bold: z.literal(true).optional(), code: z.literal(true).optional() }).optional(),
});
/** Calls the people of a group; its id comes from the configuration, never from an alert. */
const group = z.object({ type: z.literal('usergroup'), usergroup_id: z.string().regex(/^S[A-Z0-9]{1,31}$/) });
/** A link of our own making: to the console. */
const link = z.object({
  type: z.literal('link'),
  url: z.url({ protocol: /^https?$/ }).max(3000),
  text: z.string().min(1).max(100),
});
const richSection = z.object({
  type: z.literal('rich_text_section'),
  elements: z.array(z.discriminatedUnion('type', [literal, group, link])).min(1),
});

const button = { type: z.literal('button'), text: plain(75), action_id: z.string().max(255) };

const label = z.string().min(1).max(20);

/** A chart that Slack draws (https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block). */
const chart = z.object({
  type: z.literal('data_visualization'),
  title: z.string().min(1).max(50),
  chart: z.object({
    type: z.literal('line'),
    series: z
      .array(
        z.object({
          name: label,
          data: z
            .array(z.object({ label, value: z.number() }))
            .min(1)
            .max(20),
        }),
      )
      .min(1)
      .max(3),
    axis_config: z.object({
      categories: z.array(label).min(1).max(20),
      x_label: z.string().max(50),
      y_label: z.string().max(50),
    }),
  }),
});

const Block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('header'), text: plain(150) }),
  z
    .object({
      type: z.literal('section'),
      text: mrkdwn(3000).optional(),
      fields: z.array(mrkdwn(2000)).min(1).max(10).optional(),
    })
    .refine(({ text, fields }) => text !== undefined || fields !== undefined, 'text or fields'),
  chart,
  z.object({
    type: z.literal('rich_text'),
    elements: z
      .array(
        z.discriminatedUnion('type', [
          richSection,
          z.object({
            type: z.literal('rich_text_list'),
            style: z.literal('bullet'),
            elements: z.array(richSection),
          }),
          z.object({ type: z.literal('rich_text_preformatted'), elements: z.array(literal).min(1) }),
        ]),
      )
      .min(1),
  }),
  z.object({ type: z.literal('context'), elements: z.array(mrkdwn(2000)).min(1).max(10) }),
  z.object({
    type: z.literal('actions'),
    elements: z
      .array(
        z.union([
          z.strictObject({ ...button, url: z.url({ protocol: /^https?$/ }).max(3000) }),
          z.strictObject({
            ...button,
            value: z.string().min(1).max(2000),
            style: z.enum(['primary', 'danger']).optional(),
          }),
          z.strictObject({
            type: z.literal('static_select'),
            placeholder: plain(150),
            action_id: z.string().max(255),
            options: z
              .array(z.object({ text: plain(75), value: z.string().min(1).max(150) }))
              .min(1)
              .max(100),
          }),
        ]),
      )
      .min(1)
      .max(25),
  }),
]);

export const SlackMessage = z
  .object({
    /** All that screen readers and notifications get. */
    text: mrkdwn(4000).transform(({ text }) => text),
    blocks: z.array(Block).max(50),
  })
  .refine(({ blocks }) => JSON.stringify(blocks).length <= charsMax, `blocks over ${charsMax} characters`);
/** A message as it is sent. */
export type SlackMessage = z.output<typeof SlackMessage>;
/** A message as it is written: plain strings where Slack is literal, `SlackText` where it parses. */
export type SlackMessageDraft = z.input<typeof SlackMessage>;
