import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import {
  type Certificates,
  describeWithOwnKafka,
  freePorts,
  type KafkaBroker,
  makeCertificates,
  startOwnKafka,
  uniqueName,
} from '@tripkey/test/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KafkaConnection, kafkaConnection } from './kafka-connection.ts';
import { openKafka } from './open-kafka.ts';

const password = 'made-up-password';
const plainLogin = (user: string) =>
  `org.apache.kafka.common.security.plain.PlainLoginModule required user_${user}="${password}";`;

describeWithOwnKafka('a broker that wants encryption', () => {
  let folder: string;
  let certificates: Certificates;
  let broker: KafkaBroker;
  let ports: number[];

  beforeAll(async () => {
    folder = mkdtempSync(`${tmpdir()}/tripkey-tls-`);
    certificates = makeCertificates(folder);
    ports = await freePorts(2);
    broker = await startOwnKafka('4.1', {
      listeners: {
        MUTUAL: { protocol: 'SSL', port: ports[0]! },
        LOGIN: { protocol: 'SASL_SSL', port: ports[1]! },
      },
      formatArguments: ['--add-scram', `SCRAM-SHA-512=[name=tripkey,password=${password}]`],
      properties: {
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.location': certificates.server.keyStoreFile,
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': certificates.caFile,
        'listener.name.mutual.ssl.client.auth': 'required',
        'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512',
        'listener.name.login.plain.sasl.jaas.config': plainLogin('tripkey'),
        'listener.name.login.scram-sha-512.sasl.jaas.config':
          'org.apache.kafka.common.security.scram.ScramLoginModule required;',
      },
    });
  });
  afterAll(async () => {
    await broker?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Sends one record and reads it back. */
  async function roundTrip(config: unknown): Promise<string> {
    const options = kafkaConnection(KafkaConnection.parse(config));
    await using kafka = await openKafka({ ...options, clientId: 'encrypted', waitMsMax: 100, retriesMax: 1 });
    const topic = uniqueName('encrypted');
    await kafka.ensureTopics([{ topic, partitions: 1 }]);
    await kafka.sink(topic).send([{ key: 'k', value: Buffer.from('through') }]);
    const stop = new AbortController();
    return new Promise((resolve, reject) => {
      kafka
        .source(topic, uniqueName('group'))
        .run(
          {
            assigned: async () => {},
            records: async (_lease, _partition, records) => {
              resolve(Buffer.from(records[0]!.value!).toString());
              stop.abort();
            },
            revoked: async () => {},
          },
          stop.signal,
        )
        .catch(reject);
    });
  }

  test('is talked to by a certificate of our own', async () => {
    const { ca, client } = certificates;
    const tls = { enabled: true, ca, certificate: client.certificate, key: client.key };
    expect(await roundTrip({ brokers: [`127.0.0.1:${ports[0]}`], tls })).toBe('through');
  });

  test.each(['plain', 'scram-sha-512'] as const)(
    'is talked to by name and password (%s)',
    async (mechanism) => {
      const tls = { enabled: true, ca: certificates.ca };
      const sasl = { mechanism, username: 'tripkey', password };
      expect(await roundTrip({ brokers: [`127.0.0.1:${ports[1]}`], tls, sasl })).toBe('through');
    },
  );

  test('is not talked to when nobody we trust has signed its certificate', async () => {
    const sasl = { mechanism: 'plain', username: 'tripkey', password };
    const config = { brokers: [`127.0.0.1:${ports[1]}`], tls: { enabled: true }, sasl };
    await expect(roundTrip(config)).rejects.toThrow(/certificate/);
  });

  test('turns away who has no certificate, and who has the wrong password', async () => {
    const tls = { enabled: true, ca: certificates.ca };
    await expect(roundTrip({ brokers: [`127.0.0.1:${ports[0]}`], tls })).rejects.toThrow();
    const sasl = { mechanism: 'plain', username: 'tripkey', password: 'wrong' };
    await expect(roundTrip({ brokers: [`127.0.0.1:${ports[1]}`], tls, sasl })).rejects.toThrow(
      /[Aa]uthentication/,
    );
  });
});

test('a certificate without its key, or something that is no PEM, is refused before anything connects', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
  expect(KafkaConnection.safeParse({ tls: { enabled: true, certificate: pem } }).success).toBe(false);
  expect(KafkaConnection.safeParse({ tls: { enabled: true, ca: '/etc/ca.pem' } }).success).toBe(false);
  expect(KafkaConnection.safeParse({ tls: { enabled: 'true', ca: pem } }).success).toBe(true);
});
