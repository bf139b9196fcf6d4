import type { Traffic } from '@tripkey/rules';

export function noTraffic(): Traffic {
  return {
    requests: 0,
    accepted: 0,
    denied: 0,
    notFound: 0,
    rateLimited: 0,
    serverErrors: 0,
    bytesOut: 0,
    objects: 0,
  };
}

/** Adds `more` to `sum` in place. */
export function addTraffic(sum: Traffic, more: Readonly<Traffic>): void {
  sum.requests += more.requests;
  sum.accepted += more.accepted;
  sum.denied += more.denied;
  sum.notFound += more.notFound;
  sum.rateLimited += more.rateLimited;
  sum.serverErrors += more.serverErrors;
  sum.bytesOut += more.bytesOut;
  sum.objects += more.objects;
}
