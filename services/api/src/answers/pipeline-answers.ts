import type { PipelineHealth } from '@tripkey/contract/api';
import { gatewayRuns } from '@tripkey/store';
import {
  deadLetterReasons,
  deadLettersPage,
  detectorShards,
  gatewaysOfDay,
  ingestGaps,
  ingestPartitions,
} from '@tripkey/store/reading';
import * as z from 'zod';
import { fromCursor, pageFrom } from '../http/cursor.ts';
import type { HandlersOf } from '../http/handler.ts';
import type { AnswerParts } from './answer-parts.ts';
import { gatewayHealth } from './gateway-health.ts';
import { readFilterSpan } from './read-span.ts';
import { dayMs, iso, minuteMs } from './times.ts';

const Place = z.tuple([z.int(), z.string()]);
/** A part of the path that has not reported for so long, or is so far behind, is told of. */
const lateMsMax = 2 * minuteMs;

/** How the path of events is. */
export function pipelineAnswers({ store }: AnswerParts): HandlersOf<'getPipelineHealth' | 'listDeadLetters'> {
  return {
    async getPipelineHealth({ at, signal }) {
      const [progress, shards, gateways, runs, gaps, letters] = await Promise.all([
        readProgress(store, at, signal),
        store.ask(detectorShards, {}, signal),
        store.ask(gatewaysOfDay, { now: at }, signal),
        store.ask(gatewayRuns, { since: at - dayMs }, signal),
        store.ask(ingestGaps, {}, signal),
        store.ask(deadLetterReasons, { since: at - dayMs }, signal),
      ]);
      const sum = (count: (gateway: (typeof gateways)[number]) => number) =>
        gateways.reduce((total, gateway) => total + count(gateway), 0);
      const seen = gatewayHealth(gateways, runs, at);
      const late = shards
        .filter(({ judged_until }) => judged_until < at - lateMsMax)
        .map(
          ({ shard, judged_until }) => `detector shard ${shard} has judged until ${iso(judged_until)} only`,
        );
      const blind = seen
        .filter((gateway) => gateway.blind)
        .map(({ gateway }) => `gateway ${gateway || '(unnamed)'} is silent`);
      const faults = [...progress.faults, ...late, ...blind];
      return {
        as_of: iso(at),
        healthy: faults.length === 0,
        faults,
        stored_until: progress.stored_until,
        behind_seconds: progress.behind_seconds,
        events: {
          last_5_min: sum(({ events_5_min }) => events_5_min),
          last_hour: sum(({ events_hour }) => events_hour),
          last_24_h: sum(({ events_24h }) => events_24h),
        },
        partitions: progress.partitions,
        detectors: shards.map(({ shard, judged_until, published_until, reported_at }) => ({
          shard,
          judged_until: iso(judged_until),
          published_until: iso(published_until),
          reported_at: iso(reported_at),
        })),
        gateways: seen,
        gaps: gaps.map((gap) => ({ ...gap, at: iso(gap.at) })),
        dead_letters_24h: letters.map((row) => ({ reason: row.reason, count: row.letters })),
      };
    },
    async listDeadLetters({ query, signal }) {
      const { limit, reason = '' } = query;
      const after = fromCursor(query.cursor, Place);
      const place = { has_place: after !== null, after_at: after?.[0] ?? 0, after_place: after?.[1] ?? '' };
      const rows = await store.ask(
        deadLettersPage,
        { ...readFilterSpan(query), reason, ...place, rows: limit + 1 },
        signal,
      );
      return pageFrom(
        rows,
        limit,
        (row) => [row.at, row.place],
        (row) => ({ ...row, at: iso(row.at) }),
      );
    },
  };
}

/** How far ingest is, and what is wrong with it. */
export async function readProgress(store: AnswerParts['store'], at: number, signal?: AbortSignal) {
  const partitions = await store.ask(ingestPartitions, {}, signal);
  const storedUntil = partitions.length === 0 ? null : Math.min(...partitions.map((one) => one.stored_until));
  const faults = partitions
    .filter(({ stored_until }) => stored_until < at - lateMsMax)
    .map(({ topic, partition, stored_until, reported_at }) => {
      const stream = `${topic}/${partition}`;
      const behind = `${stream} is stored until ${iso(stored_until)} only`;
      return reported_at < at - lateMsMax
        ? `${behind}, and was not heard of since ${iso(reported_at)}: all judging waits for it. If it is gone for good: tripkey streams retire ${stream}`
        : `${behind}: all judging waits for it`;
    });
  if (storedUntil === null) faults.push('nothing was ever taken in');
  return {
    stored_until: storedUntil === null ? null : iso(storedUntil),
    behind_seconds: storedUntil === null ? null : Math.max(0, Math.round((at - storedUntil) / 1000)),
    faults,
    partitions: partitions.map((one) => ({
      ...one,
      stored_until: iso(one.stored_until),
      reported_at: iso(one.reported_at),
    })) satisfies PipelineHealth['partitions'],
  };
}
