import { createOutbound, type Metrics } from '@tripkey/service-kit';
import type { Router } from 'express';
import type { AlertingConfig } from '../config.ts';
import { GithubKeys } from './github-keys.ts';
import { LeakDesk, type LeakDeskParts } from './leak-desk.ts';
import { leakMetrics } from './leak-metrics.ts';
import { leakRoutes } from './leak-routes.ts';
import { takesLeaks } from './leaks-config.ts';

export interface OpenLeaks {
  /** `POST /leaks/…`; to be mounted before anything that parses bodies. */
  readonly router: Router;
  /** Resolves when nothing of a request is under way any more; each ends with its answer. */
  idle(): Promise<void>;
}

/**
 * What takes leak reports; null when no feed is set up.
 * @throws {TypeError} when a pinned key of GitHub is none
 */
export function openLeaks(
  { leaks, outbound }: Pick<AlertingConfig, 'leaks' | 'outbound'>,
  parts: Omit<LeakDeskParts, 'metrics'> & { readonly metrics: Metrics },
): OpenLeaks | null {
  if (!takesLeaks(leaks)) return null;
  const { github, gitguardian, trufflehog } = leaks;
  const { clock, log } = parts;
  const metrics = leakMetrics(parts.metrics);
  const { fetch } = createOutbound(outbound);
  const { keysUrl: url, publicKeys: pinned, token } = github;
  return {
    router: leakRoutes({
      desk: new LeakDesk({ ...parts, metrics }),
      ...(github.enabled && {
        github: new GithubKeys({ url, pinned, fetch, clock, ...(token && { token }) }),
      }),
      ...(gitguardian.signatureToken && { gitguardian: { signatureToken: gitguardian.signatureToken } }),
      ...(trufflehog.token && { trufflehog: { token: trufflehog.token } }),
      ...{ clock, log, metrics },
    }),
    idle: async () => {},
  };
}
