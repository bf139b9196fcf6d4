import { type Emitter, expressMiddleware } from '@tripkey/emitter';
import { hashSecret, type Logger, type Metrics } from '@tripkey/service-kit';
import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import type { LeadApi } from '../api/lead-api.ts';
import type { ApiRoute } from '../api/route.ts';
import { answerProblems } from '../http/problem.ts';
import { bearerOf } from '../http/require-token.ts';
import { type JudgeParts, judgeRequest, type Verdict } from './judge-request.ts';

export interface GatewayParts extends JudgeParts {
  readonly api: LeadApi;
  readonly emitter: Pick<Emitter, 'emit'>;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** What is known about a request while it is answered; the event is made of it at the end. */
interface Notes {
  route?: ApiRoute;
  verdict?: Verdict;
}

/**
 * Checks keys in front of the API and tells Tripkey of every request, also of those that it refuses. What was sent as
 * a key is hashed at once and goes nowhere else; requests with no known key are told under the id `unknown`.
 */
export function gateway(parts: GatewayParts): Router {
  const { api, emitter, log, metrics } = parts;
  const judged = metrics.counter(
    'tripkey_sandbox_requests_total',
    'requests at the sandbox gateway, by what it decided about the key',
    ['outcome'],
  );

  const check: RequestHandler = (request, response, next) => {
    const route = api.find(request.method, request.path);
    const verdict = judgeRequest(parts, sentSecretHash(request), route?.scope);
    Object.assign(notesOf(response), { ...(route && { route }), verdict });
    judged.inc({ outcome: verdict.outcome });
    if (verdict.refusal) throw verdict.refusal;
    next();
  };

  const answer: RequestHandler = (request, response) => {
    const { status, body } = api.answer(request.method, request.path, request.query, request.body);
    response.status(status);
    if (body === undefined) response.end();
    else response.json(body);
  };

  const router = Router();
  router.use(
    expressMiddleware<Request, Response>(emitter, {
      keyId: (_request, response) => notesOf(response).verdict?.key?.key_id,
      route: (_request, response) => notesOf(response).route?.template,
      outcome: (_request, response) => notesOf(response).verdict?.outcome,
      more: (_request, response) => {
        const key = notesOf(response).verdict?.key;
        return { account_id: key?.account_id, app_id: key?.app_id };
      },
    }),
    check,
    express.json({ limit: '64kb' }),
    answer,
    answerProblems(log, 400),
  );
  return router;
}

function notesOf(response: Response): Notes {
  return response.locals as Notes;
}

function sentSecretHash(request: Request): string | undefined {
  const secret = bearerOf(request.headers.authorization) ?? request.headers['x-api-key'];
  return typeof secret === 'string' && secret !== '' ? hashSecret(secret) : undefined;
}
