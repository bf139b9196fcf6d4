import { AlertingConfig, openIssuers } from '@tripkey/alerter';
import { readConfig, systemClock } from '@tripkey/service-kit';
import { ClickHouseConfig, openStore } from '@tripkey/store';
import { inspectKafka, KafkaConnection, kafkaConnection } from '@tripkey/stream/kafka';
import { Command } from 'commander';
import { checkConfig } from '../configuration/check-config.ts';
import { type Diagnosis, type Examination, examine } from '../doctor/diagnosis.ts';
import { examineClickHouse, examineProgress, examineSchema } from '../doctor/examine-clickhouse.ts';
import { examineKafka } from '../doctor/examine-kafka.ts';

const DoctorConfig = AlertingConfig.extend({
  clickhouse: ClickHouseConfig.prefault({}),
  kafka: KafkaConnection.prefault({}),
});
const signs = { ok: '  ok   ', warning: '  warn ', fault: '  FAULT' } as const;

/** `tripkey doctor`: looks at everything that Tripkey depends on and says what to do. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('look at everything that Tripkey depends on: configuration, ClickHouse, Kafka, issuers')
    .option('--no-kafka', 'there is none: everything runs in one process')
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', '\nExit code 1 when something does not work. Nothing is changed.')
    .action(async (options: { kafka: boolean; json?: boolean }) => {
      const config = readConfig(DoctorConfig, process.env);
      await using store = openStore(config.clickhouse);
      const now = () => systemClock.now();
      const connection = { ...kafkaConnection(config.kafka), clientId: 'tripkey-doctor' };
      const found = await examine([
        examineConfiguration(),
        examineClickHouse(store, now),
        examineSchema(store),
        examineProgress(store, now),
        ...(options.kafka ? [examineKafka((names) => inspectKafka(connection, names))] : []),
        ...examineIssuers(config),
      ]);
      process.stdout.write(options.json ? `${JSON.stringify(found)}\n` : inWords(found));
      if (found.some(({ verdict }) => verdict === 'fault')) process.exitCode = 1;
    });
}

function examineConfiguration(): Examination {
  const about = 'configuration';
  return {
    ...{ about, advice: 'run `tripkey config check`' },
    async look() {
      const { general } = checkConfig(process.env, []);
      if (general.length === 0) return [{ about, verdict: 'ok', says: 'every setting is known' }];
      return general.map((says): Diagnosis => ({ about, verdict: 'fault', says }));
    },
  };
}

function examineIssuers(config: AlertingConfig): Examination[] {
  return [...openIssuers(config)].map(([name, issuer]) => ({
    about: `issuer ${name}`,
    advice: 'check its address and token: keys cannot be stopped without it',
    async look() {
      const { actions, propagationMs } = await issuer.capabilities();
      const says = `can ${[...actions].join(', ')}; a stop takes ${propagationMs / 1_000} s to reach every gateway`;
      return [{ about: `issuer ${name}`, verdict: 'ok', says }];
    },
  }));
}

function inWords(found: readonly Diagnosis[]): string {
  const lines = found.map(({ about, verdict, says, advice }) => {
    const line = `${signs[verdict]}  ${about.padEnd(14)} ${says}`;
    return advice ? `${line}\n${' '.repeat(24)}→ ${advice}` : line;
  });
  const faults = found.filter(({ verdict }) => verdict === 'fault').length;
  lines.push(
    faults === 0 ? 'Everything works.' : `${faults} ${faults === 1 ? 'thing does' : 'things do'} not work.`,
  );
  return `${lines.join('\n')}\n`;
}
