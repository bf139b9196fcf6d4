import { WebClient } from '@slack/web-api';
import type { Logger } from '@tripkey/service-kit';

/** Slack's Web API without the client's own retries and without its chatter. */
export function slackWebClient(options: {
  readonly token: string;
  readonly apiUrl?: string;
  readonly timeoutMs?: number;
  readonly log: Logger;
}): WebClient {
  return new WebClient(options.token, {
    ...(options.apiUrl ? { slackApiUrl: options.apiUrl } : {}),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: options.timeoutMs ?? 10_000,
    logger: quietLogger(options.log),
  });
}

/** What Slack's clients say, without their chatter. */
export function quietLogger(log: Logger) {
  const nothing = () => {};
  const warn = (...words: unknown[]) => log.warn({ words: words.map(String) }, 'Slack client');
  return {
    debug: nothing,
    info: nothing,
    warn,
    error: warn,
    setLevel: nothing,
    getLevel: () => 'warn' as never,
    setName: nothing,
  };
}
