import { setTimeout as sleep } from 'node:timers/promises';
import { Finding, topics } from '@tripkey/contract';
import { retry, systemClock } from '@tripkey/service-kit';
import { detectorShards } from '@tripkey/store/reading';
import type { Broker } from '@tripkey/stream';
import * as z from 'zod';
import { defineMeasurement } from '../../measure/measurement.ts';
import { Attacks } from '../../whole/attacks.ts';
import { Plant } from '../ingest/plant.ts';
import { SeededRandom } from '../seeded-random.ts';
import { compareTold } from './compare-told.ts';
import { Crew, crewShards, type Kind, type Member } from './crew.ts';
import { OwnNetwork } from './own-network.ts';

/** What happens to a member, by weight. */
const faults = { killed: 4, paused: 3, cut_off: 3, added: 2 };
type Fault = keyof typeof faults;
/** Whom it hits, by weight. */
const hit: Record<Kind, number> = { ingest: 1, detector: 2, alerter: 1 };
const attackEveryMs = 1_500;
/** Longest time until all is told when nothing is disturbed any more. */
const settleMsMax = 180_000;
/** How long it is watched after that: a message that comes once too often comes late. */
const watchMs = 5_000;

/**
 * Two members of ingest, detector and alerter each, in processes of their own on one Kafka and one ClickHouse, under load
 * and attacks. Members are killed, stopped and let go on, cut off from the network, added and taken away. Then what is stored
 * is compared with the topic, and what was found and told with the attacks.
 */
export const chaosScaleOut = defineMeasurement({
  name: 'scale-out',
  summary: 'members of every service killed, paused, cut off, added; nothing lost or double, each told once',
  options: z.object({
    faults: z.coerce.number().int().min(0).default(40).describe('how many'),
    perSecond: z.coerce.number().int().positive().default(300).describe('events a second'),
    lastsMsMax: z.coerce
      .number()
      .int()
      .positive()
      .default(8_000)
      .describe('longest time of a fault, and between two'),
    keep: z.coerce.boolean().default(false).describe('leave data and logs'),
  }),
  async run({ options, seed, log, signal }) {
    const startedAt = performance.now();
    const random = new SeededRandom(seed);
    const missing = OwnNetwork.unavailable();
    if (missing !== null) log(`NOBODY IS CUT OFF, only paused: ${missing}`);
    const { perSecond, keep, lastsMsMax } = options;
    await using plant = await Plant.open({
      members: 0,
      perSecond,
      seed,
      rowsMax: 1_000,
      lateShare: 0,
      keep,
      log,
    });
    // A broker under load may not know yet what it has just made.
    const makeTopic = () => plant.broker.ensureTopics([{ topic: topics.findings, partitions: 6 }]);
    await retry(makeTopic, { clock: systemClock, signal, attemptsMax: 10 });
    const revoked = 5 + Math.ceil((options.faults * lastsMsMax) / attackEveryMs);
    const attacks = await Attacks.prepare(plant, { revoked, spike: 3 });
    const startOfLoad = Date.now();
    await using crew = await Crew.start(plant, missing === null);
    const ended = new AbortController();
    const until = AbortSignal.any([signal, ended.signal]);
    const published: string[] = [];
    const over = new AbortController();
    const watching = watchPublished(plant.broker, published, AbortSignal.any([signal, over.signal]));
    // The past is long, and saved when it is learnt: killed again and again before that, a shard would never get on.
    await untilJudged(plant, startOfLoad, signal);
    const attacking = attack(attacks, until);

    const counts: Record<Fault, number> = { killed: 0, paused: 0, cut_off: 0, added: 0 };
    for (let number = 1; number <= options.faults && !signal.aborted; number++) {
      await sleep(random.whole(0, lastsMsMax / 2));
      // Each kind comes about, however few there are.
      const drawn = random.weighted(faults);
      const fault = number <= 4 ? (Object.keys(faults)[number - 1] as Fault) : drawn;
      const kind = number <= 2 ? 'detector' : random.weighted(hit);
      const happened = fault === 'cut_off' && missing !== null ? 'paused' : fault;
      counts[happened]++;
      log(`fault ${number}: ${kind} ${happened}`);
      await bringAbout(happened, kind, crew, random, random.whole(lastsMsMax / 2, lastsMsMax));
    }
    await sleep(2 * attackEveryMs);
    await attacks.begin('spike');
    ended.abort();
    await attacking;
    log('no more faults; comparing');
    const stored = await plant.compare(signal, startOfLoad);
    let told = await compareTold(plant, attacks, crew.slack, published);
    const isRight = () => Object.values(told.differences).every((difference) => difference === 0);
    const settledBy = performance.now() + settleMsMax;
    while (!isRight() && performance.now() < settledBy && !signal.aborted) {
      await sleep(1_000);
      told = await compareTold(plant, attacks, crew.slack, published);
    }
    await sleep(watchMs);
    told = await compareTold(plant, attacks, crew.slack, published);
    over.abort();
    await watching;
    return {
      figures: {
        ...counts,
        attacks: attacks.begun('revoked').size + attacks.begun('spike').size,
        findings: told.findings,
        published_again: told.publishedAgain,
        ...{ produced: stored.produced, lost: stored.lost, double: stored.double },
        ...{ rollup_mismatches: stored.rollupMismatches, ...told.differences },
        own_ends: crew.members.reduce((sum, { process }) => sum + process.ownEnds, 0),
        seconds: Math.round((performance.now() - startedAt) / 1_000),
      },
      held: stored.held && isRight() && !signal.aborted,
    };
  },
});

/** Waits until every shard of the crew has judged, and saved, what came before a time. */
async function untilJudged(plant: Plant, timeMs: number, signal: AbortSignal): Promise<void> {
  // One more watches the fleet.
  const all = crewShards + 1;
  while (!signal.aborted) {
    const shards = await plant.store.ask(detectorShards, {});
    if (shards.length === all && shards.every((shard) => shard.judged_until >= timeMs)) return;
    await sleep(500);
  }
}

async function bringAbout(
  fault: Fault,
  kind: Kind,
  crew: Crew,
  random: SeededRandom,
  lastsMs: number,
): Promise<void> {
  const members = crew.members.filter((member) => member.kind === kind);
  const isHit = (member: Member) => fault !== 'cut_off' || member.network !== null;
  const candidates = members.filter(isHit);
  const member = candidates[random.whole(0, candidates.length - 1)]!;
  if (fault === 'killed') return member.process.kill9();
  if (fault === 'added') {
    const added = await crew.add(kind);
    await sleep(lastsMs);
    return crew.remove(added);
  }
  if (fault === 'paused') member.process.pause();
  else member.network!.cut();
  await sleep(lastsMs);
  if (fault === 'paused') member.process.goOn();
  else member.network!.mend();
}

async function attack(attacks: Attacks, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    await sleep(attackEveryMs, undefined, { signal: until }).catch(() => {});
    if (!until.aborted && !(await attacks.begin('revoked'))) return;
  }
}

/** Notes the id of each finding that comes onto the topic, as often as it comes. */
function watchPublished(broker: Broker, published: string[], signal: AbortSignal): Promise<void> {
  return broker.source(topics.findings, 'scale-out-watch').run(
    {
      assigned: async () => {},
      records: async (lease, partition, records) => {
        for (const { value } of records) {
          published.push(Finding.parse(JSON.parse(Buffer.from(value ?? []).toString())).finding_id);
        }
        await lease.commit(partition, records.at(-1)!.offset + 1n);
      },
    },
    signal,
  );
}
