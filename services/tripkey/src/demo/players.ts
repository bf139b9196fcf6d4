import { setTimeout as delay } from 'node:timers/promises';
import type { RequestEvent } from '@tripkey/contract';
import type { Emitter } from '@tripkey/emitter';
import { liveTraffic, type SimulationOptions } from '../simulate/index.ts';
import { ownerRequest, thief, victim } from './victim.ts';

/** Calls a path of the sandbox's API; resolves with the HTTP status, 0 when nobody answered. */
export type Caller = (path: string, from: { address: string; agent: string }) => Promise<number>;

/** A caller with the secret of a key, through the sandbox's gateway. */
export function callerWith(url: string, secret: string): Caller {
  return async (path, from) => {
    try {
      const answer = await fetch(`${url}${path}`, {
        headers: {
          authorization: `Bearer ${secret}`,
          'user-agent': from.agent,
          'x-forwarded-for': from.address,
        },
        signal: AbortSignal.timeout(5_000),
      });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return 0;
    }
  };
}

/** Plays the business's other keys at their own speed until `stop`. */
export async function playBusiness(
  history: SimulationOptions,
  emitter: Pick<Emitter, 'emit'>,
  onEvent: (event: RequestEvent) => void,
  stop: AbortSignal,
): Promise<void> {
  const from = new Date().toISOString();
  for (const { atMs, event } of liveTraffic({ history, from, days: 2 }).arrivals()) {
    if (!(await until(atMs, stop))) return;
    emitter.emit({ ...event, ts: Date.now() });
    onEvent(event);
  }
}

/** Plays the owner of the key: a request every few seconds until `stop`. */
export async function playOwner(
  call: Caller,
  onAnswer: (status: number) => void,
  stop: AbortSignal,
): Promise<void> {
  for (let turn = 0; !stop.aborted; turn++) {
    onAnswer(
      await call(ownerRequest(turn).path, { address: victim.addresses[turn % 2]!, agent: victim.agent }),
    );
    if (!(await until(Date.now() + 5_000, stop))) return;
  }
}

/** Plays the thief: tries what the key can do, then takes what it can, until `stop`. */
export async function playThief(
  call: Caller,
  onAnswer: (path: string, status: number) => void,
  stop: AbortSignal,
): Promise<void> {
  const from = { address: thief.address, agent: thief.agent };
  const probes = ['/v1/contacts', '/v1/deals', '/v1/exports', '/v1/campaigns', '/v1/leads'];
  for (let turn = 0; !stop.aborted; turn++) {
    const path = probes[turn] ?? `/v1/leads/${1_000 + turn}`;
    onAnswer(path, await call(path, from));
    if (!(await until(Date.now() + 120, stop))) return;
  }
}

/** Waits for a moment; false when `stop` came first. */
async function until(atMs: number, stop: AbortSignal): Promise<boolean> {
  try {
    await delay(Math.max(0, atMs - Date.now()), undefined, { signal: stop });
  } catch {
    return false;
  }
  return !stop.aborted;
}
