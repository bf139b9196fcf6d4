import { pipelineProgress, type Store, schemaState, serverHealth } from '@tripkey/store';
import { ingestPartitions } from '@tripkey/store/reading';
import type { Diagnosis, Examination } from './diagnosis.ts';

const about = 'clickhouse';
/** Views pass deduplication on to their targets from here on. */
const versionMin = [24, 8] as const;
const skewMsMax = 2_000;
const diskFreeShareMin = 0.1;
const behindMsMax = 120_000;

/** Whether ClickHouse answers, is of an age, has room, and tells the time that we tell. */
export function examineClickHouse(store: Store, now: () => number): Examination {
  return {
    about,
    advice: 'is it running, and are clickhouse.url, username and password right?',
    async look() {
      const asked = now();
      const [server] = await store.ask(serverHealth, { database: store.database });
      const answered = now();
      if (!server) throw new Error('no answer');
      const found: Diagnosis[] = [ofVersion(server.version)];
      const skewMs = Math.max(asked - server.now, server.now - answered, 0);
      found.push(
        skewMs > skewMsMax
          ? fault(`its clock differs from ours by ${seconds(skewMs)}`, 'let both follow a time server')
          : ok('its clock is ours'),
      );
      if (server.disk_free_share !== null) {
        const free = `${Math.round(server.disk_free_share * 100)} % of its disk are free`;
        found.push(
          server.disk_free_share < diskFreeShareMin
            ? fault(free, 'add room, or keep rows for fewer days (retention)')
            : ok(free),
        );
      }
      if (server.detached_parts > 0)
        found.push(
          warning(`${server.detached_parts} parts are detached`, 'see system.detached_parts for the reasons'),
        );
      if (server.failing_mutations > 0)
        found.push(
          fault(`${server.failing_mutations} mutations fail`, 'see latest_fail_reason in system.mutations'),
        );
      return found;
    },
  };
}

/** Whether the tables are those of this release. */
export function examineSchema(store: Store): Examination {
  return {
    about: 'schema',
    needs: about,
    advice: 'run `tripkey migrate`',
    async look() {
      const { missing, unknown } = await schemaState(store);
      if (missing.length > 0)
        return [
          {
            about: 'schema',
            verdict: 'fault',
            says: `${missing.length} migrations are missing`,
            advice: 'run `tripkey migrate`',
          },
        ];
      if (unknown.length > 0)
        return [
          {
            about: 'schema',
            verdict: 'warning',
            says: `the tables are of a later release (migration ${Math.max(...unknown)})`,
            advice: 'upgrade this process, too',
          },
        ];
      return [{ about: 'schema', verdict: 'ok', says: 'the tables are those of this release' }];
    },
  };
}

const askItsLog = 'is it running? Its log says what it waits for';

/** Names the stream for which everybody waits, and how to wait no longer when it is gone. */
async function adviceOnStreams(store: Store, reached: number): Promise<string> {
  const streams = await store.ask(ingestPartitions, {});
  const slowest = streams.find(({ stored_until }) => stored_until <= reached);
  if (!slowest) return askItsLog;
  const name = `${slowest.topic}/${slowest.partition}`;
  return `everything waits for ${name}, not heard of since ${new Date(slowest.reported_at).toISOString()}: ${askItsLog}. If it is gone for good: \`tripkey streams retire ${name}\``;
}

/** Whether events are stored and judged as they come. */
export function examineProgress(store: Store, now: () => number): Examination {
  return {
    about: 'pipeline',
    needs: about,
    advice: 'run `tripkey migrate`, then start ingest and detector',
    async look() {
      const [progress] = await store.ask(pipelineProgress, {});
      if (!progress) throw new Error('no answer');
      const say = (verdict: Diagnosis['verdict'], says: string, advice?: string): Diagnosis => ({
        ...{ about: 'pipeline', verdict, says },
        ...(advice ? { advice } : {}),
      });
      const found: Diagnosis[] = [];
      for (const [who, reached, advise] of [
        ['ingest has stored', progress.stored_until, () => adviceOnStreams(store, progress.stored_until)],
        ['the detector has judged', progress.frontier, () => askItsLog],
      ] as const) {
        const behindMs = now() - reached;
        if (reached === 0)
          found.push(say('warning', `${who} nothing yet`, 'is it running, and are there events?'));
        else if (behindMs > behindMsMax)
          found.push(say('fault', `${who} nothing of the last ${seconds(behindMs)}`, await advise()));
        else found.push(say('ok', `${who} all up to ${seconds(Math.max(behindMs, 0))} ago`));
      }
      if (progress.lag > 0) found.push(say('ok', `${progress.lag} records wait in Kafka`));
      if (progress.dead_letters > 0)
        found.push(
          say(
            'warning',
            `${progress.dead_letters} events of the last day could not be used`,
            '`tripkey dlq list` says why',
          ),
        );
      if (progress.gaps > 0)
        found.push(
          say(
            'fault',
            `${progress.gaps} stretches were gone from Kafka before they were read`,
            'raise the retention of the topic; see ingest_gaps_v1',
          ),
        );
      return found;
    },
  };
}

function ofVersion(version: string): Diagnosis {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < versionMin[0] || (major === versionMin[0] && minor < versionMin[1]);
  return isOld
    ? fault(
        `version ${version} is too old`,
        `use ${versionMin.join('.')} or newer: before, a repeated batch is counted twice`,
      )
    : ok(`version ${version} answers`);
}

const ok = (says: string): Diagnosis => ({ about, verdict: 'ok', says });
const warning = (says: string, advice: string): Diagnosis => ({ about, verdict: 'warning', says, advice });
const fault = (says: string, advice: string): Diagnosis => ({ about, verdict: 'fault', says, advice });
const seconds = (ms: number) => `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
