import type { Logger } from '@tripkey/service-kit';
import express, { Router } from 'express';
import { answerProblems, Problem } from '../http/problem.ts';
import { requireToken } from '../http/require-token.ts';
import type { SandboxIssuer } from './sandbox-issuer.ts';

/** Making keys (`POST /admin/keys`, the secret is in the answer and nowhere else) and listing them, one KeyRecord a line. */
export function adminRoutes(issuer: SandboxIssuer, token: string, log: Logger): Router {
  const router = Router();
  router.use(requireToken(token), express.json({ limit: '64kb' }));
  router.post('/keys', async (request, response) => {
    const { record, secret } = await issuer.createWireKey(request.body);
    log.info({ keyId: record.key_id, scopes: record.scopes }, 'a key was made');
    response.status(201).set('Cache-Control', 'no-store').json({ key: record, secret });
  });
  router.get('/keys', (_request, response) => {
    const lines = issuer.listKeys().map((record) => `${JSON.stringify(record)}\n`);
    response.type('application/x-ndjson').send(lines.join(''));
  });
  router.use(() => {
    throw new Problem(404, 'not_found', 'there is POST and GET /admin/keys');
  });
  router.use(answerProblems(log, 422));
  return router;
}
