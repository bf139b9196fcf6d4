import { createServer } from 'node:http';
import { listen, type Metrics } from '@tripkey/service-kit';
import express, { type Router } from 'express';
import type { AlerterParts } from '../../alerter.ts';
import { alerterMetrics } from '../../alerter-metrics.ts';
import { AuditTrail } from '../../audit/audit-trail.ts';
import type { AlertingConfig } from '../../config.ts';
import { responseFacts } from '../../people/response-facts.ts';
import { slackWebClient } from '../slack-web-client.ts';
import { interactionRoutes } from './interaction-routes.ts';
import { Refusals } from './refusals.ts';
import { Responders } from './responders.ts';
import { SlackInteractions } from './slack-interactions.ts';
import { slackPeople } from './slack-people.ts';
import { runSocketMode } from './socket-mode.ts';

export type InteractionParts = Pick<
  AlerterParts,
  'incidentLog' | 'auditLog' | 'commands' | 'keys' | 'issuers' | 'policy' | 'clock' | 'log'
> & { readonly metrics: Metrics };

export interface OpenInteractions {
  /** `POST /slack/interactions`; to be mounted before anything that parses bodies. Null without a signing secret. */
  readonly router: Router | null;
  /** Keeps connections to Slack open until `stop` aborts; returns at once without an app-level token. */
  run(stop: AbortSignal): Promise<void>;
  /** Resolves when nothing of a click is under way any more. */
  idle(): Promise<void>;
}

/** What takes clicks from Slack; null with neither a signing secret nor an app-level token: no buttons then. */
export function openInteractions(
  { slack }: Pick<AlertingConfig, 'slack'>,
  parts: InteractionParts,
): OpenInteractions | null {
  const { signingSecret, appToken, token, teamId, apiUrl, timeoutMs } = slack;
  if (!(signingSecret || appToken) || !token || !teamId) return null;
  const { clock, log, incidentLog, auditLog, commands, issuers, policy, keys } = parts;
  const refusals = new Refusals({
    audit: new AuditTrail({ log: auditLog, clock }),
    metrics: alerterMetrics(parts.metrics),
    clock,
    log,
  });
  const web = slackWebClient({ token, timeoutMs, log, ...(apiUrl ? { apiUrl } : {}) });
  const interactions = new SlackInteractions({
    teamId,
    responders: new Responders({
      ...{ named: slack.responders, groups: slack.responderGroups, clock, log },
      readMembers: async (usergroup) => (await web.usergroups.users.list({ usergroup })).users ?? [],
    }),
    incidentLog,
    queue: commands,
    facts: (incident) => responseFacts(incident, { issuers, policy, key: (keyId) => keys.get(keyId) }),
    people: slackPeople(web),
    refusals,
    clock,
    log,
  });
  return {
    router: signingSecret ? interactionRoutes({ signingSecret, interactions, refusals, clock, log }) : null,
    async run(stop) {
      if (!appToken) return;
      const connections = slack.socketConnections;
      await runSocketMode({ appToken, apiUrl, timeoutMs, connections, interactions, clock, log }, stop);
      await interactions.idle();
    },
    idle: () => interactions.idle(),
  };
}

/** How long a request may take to come in: a click has a few kilobytes, a leak report a few megabytes at most. */
const requestMsMax = 30_000;

/** Serves routers on a port of their own (0: a free one), if there are any; on its end waits for what is under way. */
export async function serveDoors(
  doors: readonly Pick<OpenInteractions, 'router' | 'idle'>[],
  options: { port: number; host?: string },
): Promise<(AsyncDisposable & { readonly port: number }) | null> {
  const routers = doors.map(({ router }) => router).filter((router) => router !== null);
  if (routers.length === 0) return null;
  const app = express().disable('x-powered-by').disable('etag');
  for (const router of routers) app.use(router);
  const server = createServer({ requestTimeout: requestMsMax, headersTimeout: requestMsMax }, app);
  const listening = await listen(server, { host: options.host ?? '0.0.0.0', port: options.port });
  return {
    port: listening.port,
    async [Symbol.asyncDispose]() {
      await listening[Symbol.asyncDispose]();
      await Promise.all(doors.map((door) => door.idle()));
    },
  };
}
