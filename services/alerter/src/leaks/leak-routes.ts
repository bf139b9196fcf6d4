import type { Clock, Logger } from '@tripkey/service-kit';
import express, { type NextFunction, type Request, type Response, Router } from 'express';
import { BodyRoom } from './body-room.ts';
import { readGitGuardianReport, verifyGitGuardian } from './gitguardian-feed.ts';
import { type GithubLabel, readGithubReports, verifyGithub } from './github-feed.ts';
import { type GithubKeys, GithubKeysUnknownError } from './github-keys.ts';
import type { LeakDesk, Match } from './leak-desk.ts';
import type { LeakMetrics } from './leak-metrics.ts';
import { type LeakFeed, type ReportedSecret, UnreadableReportError } from './reported-secret.ts';
import { readTruffleHogReports, verifyBearer } from './trufflehog-feed.ts';

/** Room for a thousand reports with long places. */
const bodyBytesMax = 4 * 2 ** 20;
/** Bodies in memory at a time: anybody can send some, and only then is their signature looked at. */
const requestsMax = 8;

export interface LeakRouteParts {
  readonly desk: Pick<LeakDesk, 'take'>;
  /** Feeds that are set up; a path of another does not exist. */
  readonly github?: Pick<GithubKeys, 'find'>;
  readonly gitguardian?: { readonly signatureToken: string };
  readonly trufflehog?: { readonly token: string };
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: LeakMetrics;
}

type Verdict = 'valid' | 'unsigned' | 'unknown_key' | 'out_of_time' | 'forged';

interface Feed {
  readonly name: LeakFeed;
  verify(request: Request, body: Buffer): Verdict | Promise<Verdict>;
  read(body: string): ReportedSecret[];
  answer(reports: readonly ReportedSecret[], matches: readonly Match[]): object;
}

/**
 * `POST /leaks/github`, `/leaks/gitguardian`, `/leaks/trufflehog`. Nothing of a body is looked at before its signature
 * was. A request that comes again changes nothing and gets the same answer, so a replay is as harmless as a retry. No
 * answer, error or log line repeats anything of a body.
 */
export function leakRoutes(parts: LeakRouteParts): Router {
  const { desk, clock, log, metrics } = parts;
  const { github, gitguardian, trufflehog } = parts;
  const feeds: Feed[] = [];
  if (github) {
    feeds.push({
      name: 'github',
      verify: (request, body) =>
        verifyGithub(
          {
            body,
            keyId: request.get('github-public-key-identifier'),
            signature: request.get('github-public-key-signature'),
          },
          github,
        ),
      read: readGithubReports,
      answer: toLabels,
    });
  }
  if (gitguardian) {
    feeds.push({
      name: 'gitguardian',
      verify: (request, body) =>
        verifyGitGuardian(
          { body, timestamp: request.get('timestamp'), signature: request.get('gitguardian-signature') },
          gitguardian.signatureToken,
          clock.now(),
        ),
      read: readGitGuardianReport,
      answer: toCounts,
    });
  }
  if (trufflehog) {
    feeds.push({
      name: 'trufflehog',
      verify: (request) => verifyBearer(request.get('authorization'), trufflehog.token),
      read: readTruffleHogReports,
      answer: toCounts,
    });
  }

  const room = new BodyRoom(requestsMax);
  // The bytes as they came: what is signed is not what an unpacked or a reprinted body would be.
  const raw = express.raw({ type: () => true, limit: bodyBytesMax, inflate: false });

  const router = Router();
  for (const feed of feeds) {
    const count = (result: Verdict | 'taken' | 'unreadable' | 'too_large' | 'too_slow' | 'failed') =>
      metrics.requests.inc({ feed: feed.name, result });
    const take = async (request: Request, response: Response) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      try {
        const verdict = await feed.verify(request, body);
        if (verdict !== 'valid') {
          count(verdict);
          log.warn({ feed: feed.name, verdict }, 'a leak report was turned away');
          response.status(401).end();
          return;
        }
        const reports = feed.read(body.toString('utf8'));
        const matches = await desk.take(feed.name, reports);
        count('taken');
        response.status(200).json(feed.answer(reports, matches));
      } catch (error) {
        if (error instanceof UnreadableReportError) {
          count('unreadable');
          log.warn({ feed: feed.name, reason: error.message }, 'a leak report cannot be read');
          response.status(400).end();
          return;
        }
        count('failed');
        const why = error instanceof GithubKeysUnknownError ? { err: error } : { reason: nameOf(error) };
        log.error({ feed: feed.name, ...why }, 'a leak report could not be taken; the feed sends it again');
        response.set('Retry-After', '30').status(503).end();
      } finally {
        body.fill(0);
      }
    };
    const turnAway = (
      error: { status?: number },
      _request: Request,
      response: Response,
      _next: NextFunction,
    ) => {
      const status = response.headersSent ? response.statusCode : (error.status ?? 400);
      count(status === 413 ? 'too_large' : status === 408 ? 'too_slow' : 'unreadable');
      if (!response.headersSent) response.set('Connection', 'close').status(status).end();
    };
    router.post(`/leaks/${feed.name}`, room.enter, raw, room.complete, take, turnAway);
  }
  return router;
}

/** Only what is certain: a secret of no known key may be that of one whose record does not say. */
function toLabels(reports: readonly ReportedSecret[], matches: readonly Match[]): GithubLabel[] {
  return reports.flatMap(({ hashes, type }, index) => {
    const match = matches[index];
    if (match === 'cannot_tell' || match === undefined) return [];
    const label = match === 'key' ? 'true_positive' : 'false_positive';
    return [{ token_hash: hashes[0] ?? '', token_type: type, label }];
  });
}

function toCounts(reports: readonly ReportedSecret[], matches: readonly Match[]): object {
  return { reports: reports.length, matched: matches.filter((match) => match === 'key').length };
}

/** An error may quote a row; of it only what it is goes into the log. */
function nameOf(error: unknown): string {
  return error instanceof Error
    ? `${error.name}${'code' in error ? ` ${String(error.code)}` : ''}`
    : 'unknown';
}
