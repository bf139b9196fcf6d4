import { AuditTrail } from '@tripkey/alerter';
import { type Clock, repeat } from '@tripkey/service-kit';
import { adminsKnown, TokenBook } from '@tripkey/store';
import express from 'express';
import { AccessRecord } from './access/access-record.ts';
import { linkRoutes } from './access/auth-routes.ts';
import type { Gatekeepers } from './access/authenticate.ts';
import { Cookies } from './access/cookies.ts';
import { Identification } from './access/identification.ts';
import { oidcRoutes } from './access/oidc-sign-in.ts';
import { addressList } from './access/proxy-users.ts';
import { SessionBook } from './access/session-book.ts';
import type { AnswerParts } from './answers/answer-parts.ts';
import { auditAnswers } from './answers/audit-answers.ts';
import { endpointAnswers } from './answers/endpoint-answers.ts';
import { findingAnswers } from './answers/finding-answers.ts';
import { incidentAnswers } from './answers/incident-answers.ts';
import { incidentCommandAnswers } from './answers/incident-commands.ts';
import { incidentListAnswers } from './answers/incident-list.ts';
import { incidentTimelineAnswers } from './answers/incident-timeline.ts';
import { keyAnswers } from './answers/key-answers.ts';
import { keyListAnswers } from './answers/key-list.ts';
import { leakAnswers } from './answers/leak-answers.ts';
import { operationListAnswers } from './answers/operation-list.ts';
import { overviewAnswers } from './answers/overview-answers.ts';
import { pipelineAnswers } from './answers/pipeline-answers.ts';
import { policyAnswers } from './answers/policy-answers.ts';
import { ruleAnswers } from './answers/rule-answers.ts';
import { sessionAnswers } from './answers/session-answers.ts';
import { silenceAnswers } from './answers/silence-answers.ts';
import { statusAnswers } from './answers/status-answers.ts';
import { tokenAnswers } from './answers/token-answers.ts';
import { backtestAnswers } from './backtest/backtest-answers.ts';
import { budgetAnswers } from './budget/budget-answers.ts';
import { answerErrors } from './http/answer-errors.ts';
import { apiPage, apiPageStyle } from './http/api-page.ts';
import { notFound } from './http/api-problem.ts';
import { consoleFiles } from './http/console-files.ts';
import { sent } from './http/handler.ts';
import { mountRoutes } from './http/mount-routes.ts';
import { openApi } from './http/openapi.ts';
import { limitAddresses, limitCallers } from './http/rate-limits.ts';
import { securityHeaders } from './http/security-headers.ts';
import { LiveFeed } from './live/live-feed.ts';
import { queryAnswers } from './sql/query-answers.ts';

export interface ApiParts extends AnswerParts {
  /** Where browsers reach us. */
  readonly publicUrl: string;
  /** Compare every answer with its schema: for tests. */
  readonly checkAnswers?: boolean;
}

export interface Api {
  /** `/v1`, `/auth` and the console. */
  readonly router: express.Express;
  readonly tokens: TokenBook;
  /** A link that signs an admin in once, where nobody ever was one; else null. */
  firstLink(): Promise<string | null>;
  /** Keeps what is known of keys fresh, until `stop` aborts. */
  run(stop: AbortSignal): Promise<void>;
}

const linkMs = 3_600_000;
const keysEveryMs = 10_000;
const bodyMax = '256kb';

/** The API and the console, on a store. */
export function createApi(parts: ApiParts): Api {
  const { store, clock, log, settings, publicUrl } = parts;
  const tokens = new TokenBook({ store, clock, log });
  const keepers: Gatekeepers = {
    ...{ tokens, settings, cookies: new Cookies(publicUrl) },
    sessions: new SessionBook({ store, clock }),
    isTrusted: addressList(settings.trustedProxies),
  };
  const callers = new Identification(keepers);
  const record = new AccessRecord(new AuditTrail({ log: parts.alerting.auditLog, clock }), clock);

  const feed = new LiveFeed({ store, clock, log });
  const { stop: stopBacktests, ...backtests } = backtestAnswers(parts);

  const app = express().disable('x-powered-by').disable('etag');
  app.set('trust proxy', (address: string) => keepers.isTrusted(address));
  app.use(securityHeaders(publicUrl.startsWith('https:')));
  app.use('/auth', limitAddresses(settings.signInsPerMinute));
  app.post('/v1/session', limitAddresses(settings.signInsPerMinute));
  app.use(linkRoutes(keepers, record, clock));
  if (settings.oidc)
    app.use(oidcRoutes({ ...{ keepers, record, clock, log, publicUrl }, oidc: settings.oidc }));
  app.use('/v1', ...limitCallers(settings.requestsPerMinute, callers), express.json({ limit: bodyMax }));
  app.use(
    mountRoutes({
      handlers: {
        ...sessionAnswers(keepers, record),
        ...overviewAnswers(parts),
        ...statusAnswers(parts),
        ...incidentListAnswers(parts),
        ...keyListAnswers(parts),
        ...operationListAnswers(parts),
        ...leakAnswers(parts),
        ...pipelineAnswers(parts),
        ...incidentAnswers(parts),
        ...incidentTimelineAnswers(parts),
        ...incidentCommandAnswers(parts),
        ...findingAnswers(parts),
        ...keyAnswers(parts),
        ...endpointAnswers(parts),
        ...ruleAnswers(parts),
        ...silenceAnswers(parts, record),
        ...policyAnswers(parts, record),
        ...auditAnswers(parts),
        ...backtests,
        ...budgetAnswers(parts),
        ...queryAnswers(parts, record),
        ...tokenAnswers(tokens, record),
        async live({ request, response, caller }) {
          await feed.listen(response, caller, request.get('last-event-id'));
          return sent;
        },
      },
      authenticate: (request) => callers.of(request),
      clock,
      checkAnswers: parts.checkAnswers === true,
    }),
  );
  app.get('/v1/openapi.json', (_request, response) => void response.json(openApi(publicUrl)));
  app.get('/v1/docs', (_request, response) => void response.type('html').send(apiPage()));
  app.get('/v1/docs.css', (_request, response) => void response.type('css').send(apiPageStyle));
  app.use(['/v1', '/auth'], (request) => {
    throw notFound(`${request.method} ${request.baseUrl}${request.path}`);
  });
  app.use(consoleFiles(settings.consoleFolder));
  app.use(answerErrors(log));

  return {
    router: app,
    tokens,
    async firstLink() {
      const [row] = await store.ask(adminsKnown, {});
      if (row && row.known > 0) return null;
      return await makeLink(tokens, publicUrl, 'system', clock);
    },
    async run(stop) {
      await Promise.all([feed.run(stop), repeat(keysEveryMs, () => refreshKeys(parts), clock, stop)]);
      await stopBacktests();
    },
  };
}

/** Makes a link that signs an admin in once, within an hour. */
export async function makeLink(
  tokens: TokenBook,
  publicUrl: string,
  by: string,
  clock: Clock,
): Promise<string> {
  const { secret } = await tokens.create({
    ...{ kind: 'link', name: 'admin', scopes: ['admin'], by },
    expiresAt: clock.now() + linkMs,
  });
  const link = new URL('/auth/link', publicUrl);
  link.searchParams.set('code', secret);
  return link.href;
}

async function refreshKeys({ keys, store, log }: ApiParts): Promise<void> {
  try {
    await keys.refresh(store);
  } catch (err) {
    log.warn({ err }, 'keys could not be read, going on with those that are known');
  }
}
