import type { Clock, Logger } from '@tripkey/service-kit';
import express, { Router } from 'express';
import type { Refusals } from './refusals.ts';
import type { SlackInteractions } from './slack-interactions.ts';
import { verifySignature } from './verify-signature.ts';

/** A click is a few kilobytes. */
const bodyBytesMax = 256 * 1024;
/** Twice the time in which a signature is valid. */
const rememberMs = 10 * 60_000;
const rememberedMax = 10_000;

/**
 * `POST /slack/interactions`: Slack's interactivity by HTTP. Nothing is looked at before its signature was; a request
 * that was seen before is a replay, and changes nothing.
 */
export function interactionRoutes(parts: {
  readonly signingSecret: string;
  readonly interactions: SlackInteractions;
  readonly refusals: Refusals;
  readonly clock: Clock;
  readonly log: Logger;
}): Router {
  const { signingSecret, interactions, refusals, clock, log } = parts;
  const seen = new Map<string, number>();
  const isReplay = (signature: string) => {
    const now = clock.now();
    for (const [known, at] of seen) {
      if (at > now - rememberMs && seen.size <= rememberedMax) break;
      seen.delete(known);
    }
    if (seen.has(signature)) return true;
    seen.set(signature, now);
    return false;
  };

  const router = Router();
  const raw = express.raw({ type: () => true, limit: bodyBytesMax });
  router.post('/slack/interactions', raw, async (request, response) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const signature = request.get('x-slack-signature');
    const timestamp = request.get('x-slack-request-timestamp');
    const verdict = verifySignature({ body, timestamp, signature }, signingSecret, clock.now());
    if (verdict !== 'valid' || signature === undefined) {
      await refusals.refuse({ why: verdict });
      response.status(401).end();
      return;
    }
    if (isReplay(signature)) {
      await refusals.refuse({ why: 'replayed' });
      response.status(409).end();
      return;
    }
    try {
      const reply = await interactions.handle(payloadOf(body));
      if (reply.body) response.status(reply.status).json(reply.body);
      else response.status(reply.status).end();
    } catch (err) {
      // Slack shows the person that it failed; they may click again, which is another request.
      log.error({ err }, 'a click could not be taken');
      response.status(500).end();
    }
  });
  return router;
}

function payloadOf(body: Buffer): unknown {
  try {
    return JSON.parse(new URLSearchParams(body.toString('utf8')).get('payload') ?? '');
  } catch {
    return undefined; // no payload of Slack is: refused as unreadable
  }
}
