import { IssuerConfig } from '@tripkey/issuers/configured';
import { numeric, OutboundConfig, textList, yamlText } from '@tripkey/service-kit';
import { ClickHouseConfig } from '@tripkey/store';
import { KafkaConnection } from '@tripkey/stream/kafka';
import * as z from 'zod';
import { RiskSettings } from './incident/risk.ts';
import { LeaksConfig, takesLeaks } from './leaks/leaks-config.ts';
import { EscalationSettings } from './people/escalation.ts';
import { ResponsePolicy } from './respond/policy.ts';
import { ProofSettings } from './respond/proof.ts';
import { MailConfig, WebhooksConfig } from './sinks/sink-config.ts';
import { SlackRoute, UserGroupId } from './slack/slack-route.ts';
import { DetectorWatchSettings } from './watch/detector-watch.ts';

function canClick(slack: {
  token?: string | undefined;
  teamId?: string | undefined;
  responders: string[];
  responderGroups: string[];
}) {
  const people = slack.responders.length + slack.responderGroups.length;
  return slack.token !== undefined && slack.teamId !== undefined && people > 0;
}

/** What an alerter is told, in a process of its own or inside another. */
export const AlertingConfig = z.object({
  slack: z
    .object({
      token: z.string().startsWith('xox').optional().describe('bot token; absent: alerts go to the terminal'),
      channel: z.string().min(1).optional().describe('id or name; the bot has to be invited'),
      routes: yamlText(z.array(SlackRoute).default([])).describe('other channels for some incidents'),
      mention: UserGroupId.optional().describe('group that is called when a critical incident is posted'),
      apiUrl: z.url().optional().describe('another Slack Web API, such as an emulator'),
      timeoutMs: numeric().int().positive().default(10_000),
      postsPerSecond: numeric()
        .positive()
        .default(1)
        .describe('messages; Slack takes one a second and channel, so several alerters share it by its 429s'),
      digestAbove: numeric()
        .int()
        .positive()
        .default(10)
        .describe('new incidents within a minute that are told one by one; more go into a digest'),
      callsPerSecond: numeric().positive().default(0.8).describe('updates and looks; Slack: 50 a minute'),
      signingSecret: z
        .string()
        .min(16)
        .optional()
        .describe('of the Slack app; with it messages have buttons, and clicks are taken by HTTP'),
      appToken: z
        .string()
        .startsWith('xapp-')
        .optional()
        .describe('app-level token; with it messages have buttons, and clicks come by Socket Mode'),
      socketConnections: numeric()
        .int()
        .min(1)
        .max(10)
        .default(2)
        .describe('at the same time, of Socket Mode'),
      teamId: z.string().min(1).optional().describe('workspace whose people may click, such as T0123ABCD'),
      responders: textList().default([]).describe('ids of the people who may click, such as U0123ABCD'),
      responderGroups: textList(UserGroupId)
        .default([])
        .describe('ids of user groups whose members may click as well, such as S0123ABCD'),
      toOwners: z
        .stringbool()
        .or(z.boolean())
        .default(false)
        .describe('tell the owner of a key, by direct message, that it was stopped; found by the address'),
      contact: z.string().max(200).default('your security team').describe('whom owners may ask'),
    })
    .refine((slack) => !slack.signingSecret || canClick(slack), {
      path: ['signingSecret'],
      message: 'needs token, teamId, and responders or responderGroups besides',
    })
    .refine((slack) => !slack.appToken || canClick(slack), {
      path: ['appToken'],
      message: 'needs token, teamId, and responders or responderGroups besides',
    })
    .refine((slack) => !slack.toOwners || slack.token, { path: ['toOwners'], message: 'needs a token' })
    .refine((slack) => !slack.token || slack.channel, { path: ['channel'], message: 'needed with a token' })
    .prefault({}),
  webhooks: WebhooksConfig.describe('who is told besides, by the name that stands in metrics'),
  mail: MailConfig,
  console: z.object({ url: z.url().optional().describe('where links in alerts lead') }).prefault({}),
  incidents: z
    .object({
      windowMs: numeric()
        .int()
        .positive()
        .default(86_400_000)
        .describe('findings are put together this long'),
      quietMs: numeric()
        .int()
        .positive()
        .default(4 * 3_600_000)
        .describe('an incident without findings this long is over'),
      risk: RiskSettings.prefault({}),
    })
    .prefault({}),
  response: yamlText(ResponsePolicy.prefault({})),
  proof: ProofSettings.prefault({}),
  escalation: EscalationSettings.prefault({}),
  detectorWatch: DetectorWatchSettings.prefault({}),
  issuers: z
    .record(z.string().max(64), IssuerConfig)
    .default({})
    .describe('by the name that key records use'),
  outbound: OutboundConfig,
  leaks: LeaksConfig,
});
export type AlertingConfig = z.infer<typeof AlertingConfig>;

/** An alerter in a process of its own. */
export const AlerterConfig = AlertingConfig.extend({
  kafka: KafkaConnection.extend({
    partitions: numeric().int().positive().default(6).describe('of topics that do not exist yet'),
    sessionTimeoutMs: numeric()
      .int()
      .min(3_000)
      .default(30_000)
      .describe('an alerter that is silent for so long has lost its incidents to another'),
  }).prefault({}),
  clickhouse: ClickHouseConfig.prefault({}),
  health: z.object({ port: numeric().int().min(0).max(65_535).default(9_103) }).prefault({}),
  interactions: z
    .object({ port: numeric().int().min(0).max(65_535).default(9_104) })
    .prefault({})
    .describe('where clicks and leak reports come in: POST /slack/interactions, POST /leaks/…'),
  pipeline: z
    .object({ pepper: z.string().min(16).optional().describe('as ingest has it; needed for leak reports') })
    .prefault({}),
  log: z.object({ level: z.string().default('info') }).prefault({}),
}).refine(({ leaks, pipeline }) => !takesLeaks(leaks) || pipeline.pepper !== undefined, {
  path: ['pipeline', 'pepper'],
  message: 'needed to find the keys of leak reports',
});
export type AlerterConfig = z.infer<typeof AlerterConfig>;
