import { Severity } from '@tripkey/contract';
import { numeric, textList } from '@tripkey/service-kit';
import * as z from 'zod';

const taken = ['slack', 'slack-owner', 'console', 'mail', 'owner'];
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'a name such as siem')
  .refine((one) => !taken.includes(one), 'a name that nothing else has');
const timeoutMs = numeric().int().positive().default(10_000);
const severityMin = Severity.default('medium');
const mailAddress = z.string().regex(/^[^\r\n]*@[^\r\n]*$/, 'an address');

/** Where incidents are told besides Slack, by HTTP. */
export const WebhookConfig = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .describe('a receiver at an address that is not public needs outbound.allowedNetworks'),
    template: z.enum(['generic', 'pagerduty', 'ocsf']).default('generic'),
    secret: z
      .string()
      .regex(/^(whsec_)?[A-Za-z0-9+/]{32,}={0,2}$/, 'at least 24 bytes in Base64, with or without whsec_')
      .optional()
      .describe('signs what is sent (Standard Webhooks)'),
    token: z.string().min(1).optional().describe('sent as bearer token'),
    routingKey: z.string().min(1).optional().describe('integration key, for pagerduty'),
    severityMin,
    timeoutMs,
  })
  .refine((hook) => hook.template !== 'pagerduty' || hook.routingKey, {
    path: ['routingKey'],
    message: 'needed for pagerduty',
  })
  .refine((hook) => hook.template === 'pagerduty' || hook.secret || hook.token, {
    path: ['secret'],
    message: 'a secret or a token, so that the receiver knows who calls',
  });
export const WebhooksConfig = z.record(name, WebhookConfig).default({});

/** Where incidents are mailed to, by SMTP. */
export const MailConfig = z
  .strictObject({
    host: z.string().min(1).optional().describe('SMTP server; absent: no mail'),
    port: numeric().int().min(1).max(65_535).default(587),
    secure: z.stringbool().or(z.boolean()).default(false).describe('TLS from the first byte, mostly on 465'),
    user: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    from: mailAddress.optional(),
    to: textList().default([]).describe('people who are told of incidents'),
    severityMin,
    toOwners: z
      .stringbool()
      .or(z.boolean())
      .default(false)
      .describe('tell the owner of a key that it was stopped'),
    contact: z.string().max(200).default('your security team').describe('whom owners may ask'),
    timeoutMs,
  })
  .refine((mail) => !mail.host || mail.from, { path: ['from'], message: 'needed with a host' })
  .prefault({});
