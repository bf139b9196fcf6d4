import { dayMs, hourMs, minuteMs } from '../calendar/durations.ts';
import { addressPool } from '../catalogue/address-pool.ts';
import { userAgent } from '../catalogue/agents.ts';
import { providersOf } from '../catalogue/providers.ts';
import { homeOf } from '../keys/app.ts';
import { usualCall } from '../keys/call.ts';
import { oneAfterAnother } from '../timing/schedules.ts';
import { benign, type Disturbance, someMoment } from './disturbance.ts';
import { perKey } from './releases.ts';

/** How long until one key's client moves, and until somebody tries one key by hand, on average. */
const hostMoveEveryMs = 300 * dayMs;
const handTestEveryMs = 200 * dayMs;

/** A customer moves the integration to other machines: mostly at the same provider, sometimes not. */
export const hostMoves: Disturbance = ({ world, random, appOf }) =>
  perKey(world.keys, random, (world.span.to - world.span.from) / hostMoveEveryMs, (key) => {
    const at = someMoment(random, world);
    const { client } = appOf.get(key)!;
    const stays = random.chance(0.6);
    key.homes.change(at, (home) =>
      stays
        ? addressPool(random, home.provider, random.pick(client.styles))
        : homeOf(random, client, key.country),
    );
    const detail = stays ? 'same provider' : 'another provider';
    return benign('host-move', at, at + hourMs, { key_id: key.id, detail });
  });

/** Somebody at the customer's tries the key by hand, from the office, during the day. */
export const handTests: Disturbance = ({ world, random, addCalls }) =>
  perKey(world.keys, random, (world.span.to - world.span.from) / handTestEveryMs, (key) => {
    const { clock } = key.tempo;
    const day = Math.floor(clock.local(someMoment(random, world)) / dayMs) * dayMs;
    const at = Math.max(clock.moment(day + random.between(9, 17) * hourMs), key.life.createdAt);
    const office = addressPool(random, random.pick(providersOf('office', key.country)), 'host');
    const agent = userAgent(random.pick(['curl', 'postman']), 1);
    const calls = [...oneAfterAnother(random, at, random.int(3, 15), 40_000)].map((time) =>
      usualCall(random, key, time),
    );
    addCalls(calls.map((call) => ({ ...call, ip: office.address(random, call.at), agent })));
    return benign('hand-test', at, calls.at(-1)!.at, { key_id: key.id });
  });

/** After a key was revoked, something of the owner's still tries it from time to time. */
export const forgottenClients: Disturbance = ({ world, random, addCalls }) =>
  world.keys
    .filter((key) => key.life.revokedAt !== null && key.life.revokedAt < world.span.to)
    .filter(() => random.chance(0.35))
    .map((key) => {
      const everyMs = random.logBetween(1, 24) * hourMs;
      const start = key.life.revokedAt! + random.unit() * everyMs;
      const end = Math.min(world.span.to, start + random.between(0.5, 8) * dayMs);
      const times: number[] = [];
      for (let at = start; at < end; at += everyMs) times.push(at + random.unit() * minuteMs);
      addCalls(times.map((at) => usualCall(random, key, at)));
      return benign('forgotten-client', start, end, { key_id: key.id });
    });
