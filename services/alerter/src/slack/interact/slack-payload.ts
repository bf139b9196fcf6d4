import * as z from 'zod';

const id = z.string().regex(/^[A-Z0-9]{1,32}$/);
const person = {
  user: z.object({
    id,
    name: z.string().max(200).optional(),
    username: z.string().max(200).optional(),
    team_id: id.optional(),
  }),
  team: z.object({ id }),
};

/** Names of our buttons, and of the modals behind them. */
export const actionIds = [
  'acknowledge',
  'snooze',
  'resolve',
  'reopen',
  'stop',
  'approve',
  'cancel',
  'undo',
  'open_console',
] as const;
export type ActionId = (typeof actionIds)[number];

/** The buttons that ask for a reason first. */
export const modalIds = ['resolve', 'reopen', 'stop', 'undo'] as const;
export type ModalId = (typeof modalIds)[number];

/** A click on a button or a choice from a list of one of our messages. */
const BlockActions = z.object({
  type: z.literal('block_actions'),
  ...person,
  trigger_id: z.string().max(256),
  channel: z.object({ id }).optional(),
  container: z.object({ channel_id: id.optional() }).optional(),
  actions: z
    .array(
      z.object({
        action_id: z.enum(actionIds),
        action_ts: z.string().max(64).default(''),
        value: z.string().max(2_000).optional(),
        selected_option: z.object({ value: z.string().max(150) }).nullish(),
      }),
    )
    .length(1),
});
export type BlockActions = z.infer<typeof BlockActions>;

const input = z.object({
  value: z.string().max(3_000).nullish(),
  selected_option: z.object({ value: z.string().max(150) }).nullish(),
});

/** A modal that was sent off. What it carries was in the hands of the sender: ids only, all looked up again. */
const ViewSubmission = z.object({
  type: z.literal('view_submission'),
  ...person,
  view: z.object({
    id: z.string().max(64),
    callback_id: z.enum(modalIds),
    private_metadata: z.string().max(3_000),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), input)) }),
  }),
});
export type ViewSubmission = z.infer<typeof ViewSubmission>;

/** What Slack tells of people's clicks, as far as we offer anything to click. */
export const SlackPayload = z.discriminatedUnion('type', [BlockActions, ViewSubmission]);
export type SlackPayload = z.infer<typeof SlackPayload>;

/** What a button stands for. */
export const ButtonValue = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue('not JSON');
      return z.NEVER;
    }
  })
  .pipe(
    z.object({
      incident: z.string().min(1).max(64),
      operation: z.string().min(16).max(64).nullable(),
      channel: id.optional(),
      for_ms: z.int().positive().optional(),
    }),
  );
export type ButtonValue = z.infer<typeof ButtonValue>;
