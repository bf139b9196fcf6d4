import { AlertingConfig } from '@tripkey/alerter';
import { roles } from '@tripkey/contract/api';
import { numeric, textList } from '@tripkey/service-kit';
import { ClickHouseConfig } from '@tripkey/store';
import * as z from 'zod';

const groups = z.partialRecord(z.enum(roles), textList()).default({});

/** Who may use the API and the console, and how they come in. */
export const ApiSettings = z
  .object({
    publicUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe(
        'where browsers reach the console; needed behind a proxy, and https there is what cookies ask for',
      ),
    sessionHours: numeric().positive().max(720).default(12),
    trustedProxies: textList()
      .default([])
      .describe('addresses or networks whose X-Forwarded-For is believed, such as 10.0.0.0/8'),
    oidc: z
      .object({
        issuer: z.url({ protocol: /^https?$/ }),
        name: z.string().default('single sign-on').describe('what the button says'),
        clientId: z.string().min(1),
        clientSecret: z.string().min(1).optional().describe('absent: a public client with PKCE alone'),
        scope: z.string().default('openid profile email groups'),
        groupsClaim: z.string().default('groups'),
      })
      .optional(),
    proxyUsers: z
      .object({
        userHeader: z.string().toLowerCase().default('x-auth-request-email'),
        nameHeader: z.string().toLowerCase().default('x-auth-request-user'),
        groupsHeader: z.string().toLowerCase().default('x-auth-request-groups'),
      })
      .optional()
      .describe('a proxy in front says who people are; only headers of `trustedProxies` count'),
    groups: groups.describe('groups of people by role; the highest role of a person counts'),
    defaultRole: z
      .enum(roles)
      .optional()
      .describe('role of people without a group that is named; absent: they are turned away'),
    requestsPerMinute: numeric().int().positive().default(1_200).describe('of one person, token or address'),
    signInsPerMinute: numeric().int().positive().default(30).describe('attempts of one address'),
    pagesPerWeekMax: numeric()
      .positive()
      .optional()
      .describe('alerts a week that are bearable, for the budget'),
    consoleFolder: z
      .string()
      .optional()
      .describe('built files of the console; absent: those of this release'),
  })
  .refine((api) => !api.proxyUsers || api.trustedProxies.length > 0, {
    path: ['proxyUsers'],
    message: 'needs trustedProxies: otherwise anybody could say who they are',
  });
export type ApiSettings = z.infer<typeof ApiSettings>;

/** An API in a process of its own. */
export const ApiConfig = AlertingConfig.pick({ incidents: true, response: true }).extend({
  issuers: z
    .record(z.string().max(64), z.looseObject({}))
    .default({})
    .describe('only their names are read here; the alerter has their tokens'),
  clickhouse: ClickHouseConfig.prefault({}),
  analyst: z
    .object({
      username: z.string().min(1).default('tripkey_reader'),
      password: z.string().min(1).optional(),
    })
    .prefault({})
    .describe('the read-only ClickHouse user that SQL is asked as; without a password nobody can ask'),
  api: ApiSettings.prefault({}),
  http: z
    .object({
      host: z.string().default('0.0.0.0'),
      port: numeric().int().min(0).max(65_535).default(8_080),
    })
    .prefault({}),
  detector: z.object({ rules: z.record(z.string(), z.unknown()).default({}) }).prefault({}),
  health: z.object({ port: numeric().int().min(0).max(65_535).default(9_105) }).prefault({}),
  log: z.object({ level: z.string().default('info') }).prefault({}),
});
export type ApiConfig = z.infer<typeof ApiConfig>;
