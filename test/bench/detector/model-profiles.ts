import { type Activity, Engine, type Tick } from '@tripkey/detector';
import { ruleSet } from '@tripkey/rules';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Days of use that a profile rests on. */
const trainedDays = 15;
/** A key is used so often by day; by night a third as often. */
const everyMs = 30 * minuteMs;

/** Profiles as the detector saves them, to be multiplied. */
export interface ModelProfiles {
  /** Of keys that are in use, and of keys that nobody has used for ten days, in turns. */
  readonly profiles: readonly { readonly lineageId: string; readonly profile: string }[];
  readonly fleet: string;
}

/**
 * Lets the engine learn some keys from made-up traffic until `until`: what stands in a profile is what the engine put
 * there. @param until epoch ms, a multiple of a quarter of an hour
 */
export function trainModels(models: number, until: number): ModelProfiles {
  const engine = new Engine({ ...ruleSet, keys: new Map() });
  const from = until - trainedDays * dayMs;
  for (let at = from; at < until; at += 5 * minuteMs) {
    const activity = Array.from({ length: models }, (_, model) => model)
      .filter((model) => (model % 2 === 0 || at < until - 10 * dayMs) && isUsed(model, at))
      .flatMap((model) => uses(model, at));
    if (activity.length > 0) engine.take({ from: at, to: at + 5 * minuteMs, activity } satisfies Tick);
  }
  const profiles = engine
    .takeDirty()
    .map((state) => ({ lineageId: state.lineageId, profile: JSON.stringify(state) }))
    .sort((a, b) => Number(a.lineageId.slice(6)) - Number(b.lineageId.slice(6)));
  return { profiles, fleet: JSON.stringify(engine.saveFleet()) };
}

function isUsed(model: number, at: number): boolean {
  const hour = new Date(at).getUTCHours();
  const pauseMs = hour >= 7 && hour < 19 ? everyMs : 3 * everyMs;
  return (at + model * 5 * minuteMs) % pauseMs < 5 * minuteMs;
}

function uses(model: number, at: number): Activity[] {
  const requests = 1 + ((model * 7 + Math.floor(at / everyMs)) % 9);
  return [
    ['GET', '/v1/leads/{id}'],
    ['POST', '/v1/leads'],
  ].map(([method, route]) => ({
    minute: at,
    keyId: `model_${model}`,
    accountId: `acct_${model % 7}`,
    appId: `app_${model % 5}`,
    method: method!,
    route: route!,
    ...{ ip: '203.0.113.7', network: '203.0.113.0/24', asn: 64_496, country: 'DE', agent: 'lead-sync' },
    traffic: {
      ...{ requests, accepted: requests, denied: 0, notFound: 0, rateLimited: 0, serverErrors: 0 },
      ...{ bytesOut: 1_200 * requests, objects: requests },
    },
  }));
}
