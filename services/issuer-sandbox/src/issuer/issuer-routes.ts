import { randomUUID } from 'node:crypto';
import { OperationId, problemStatuses, WireCommand } from '@tripkey/issuers/generic';
import type { Logger } from '@tripkey/service-kit';
import express, { Router } from 'express';
import { answerProblems, Problem } from '../http/problem.ts';
import { requireToken } from '../http/require-token.ts';
import type { SandboxIssuer } from './sandbox-issuer.ts';

/** The generic key-issuer contract: `/v1/capabilities`, `/v1/keys/{keyId}`, `/v1/keys/{keyId}/actions`. */
export function issuerRoutes(issuer: SandboxIssuer, token: string, log: Logger): Router {
  const router = Router();
  const paths = ['/v1/capabilities', '/v1/keys'];

  router.use(paths, requireToken(token), express.json({ limit: '64kb' }), (_request, response, next) => {
    response.set({ 'X-Request-Id': randomUUID(), 'Cache-Control': 'no-store' });
    next();
  });
  router.get('/v1/capabilities', (_request, response) => void response.json(issuer.capabilities));
  router.get('/v1/keys/:keyId', (request, response) => void response.json(issuer.read(request.params.keyId)));
  router.post('/v1/keys/:keyId/actions', async (request, response) => {
    const { keyId } = request.params;
    const operationId = OperationId.safeParse(request.headers['idempotency-key']);
    if (!operationId.success) {
      throw invalid('the header Idempotency-Key has 16 to 255 visible characters');
    }
    const command = WireCommand.safeParse(request.body);
    if (!command.success) {
      throw invalid(
        command.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
      );
    }
    const result = await issuer.act(operationId.data, keyId, command.data);
    const { action, reason, incident_id, actor } = command.data;
    log.info(
      { keyId, action, result: result.result, reason, incident_id, actor },
      'a key action was asked for',
    );
    response.json(result);
  });
  router.use(paths, () => {
    throw new Problem(404, 'not_found', 'the contract has no such resource');
  });
  router.use(paths, answerProblems(log, problemStatuses.invalid_request));
  return router;
}

function invalid(detail: string): Problem {
  return new Problem(problemStatuses.invalid_request, 'invalid_request', detail);
}
