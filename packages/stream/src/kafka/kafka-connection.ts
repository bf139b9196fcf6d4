import { flag, textList } from '@tripkey/service-kit';
import * as z from 'zod';
import type { KafkaOptions } from './kafka-settings.ts';

/** PEM text; by environment it comes from a file: `TRIPKEY_KAFKA__TLS__CA_FILE`. */
const pem = () =>
  z.string().regex(/-----BEGIN [A-Z ]+-----/, 'must be PEM text (name its file with ..._FILE)');

const by = <M extends string>(mechanism: M) =>
  z.object({ mechanism: z.literal(mechanism), username: z.string().min(1), password: z.string().min(1) });

/** How a process reaches Kafka: addresses, encryption and who it is. */
export const KafkaConnection = z.object({
  brokers: textList().default(['127.0.0.1:9092']),
  tls: z
    .object({
      enabled: flag().default(false),
      ca: pem().optional().describe('who signs the brokers’ certificates; absent: the public authorities'),
      certificate: pem().optional().describe('of this process, where brokers ask for one (mTLS)'),
      key: pem().optional().describe('private key of the certificate'),
      serverName: z.string().min(1).optional().describe('name in the certificate, when it is not the host'),
    })
    .refine(({ certificate, key }) => (certificate === undefined) === (key === undefined), {
      path: ['key'],
      message: 'certificate and key go together',
    })
    .prefault({}),
  sasl: z.discriminatedUnion('mechanism', [by('plain'), by('scram-sha-256'), by('scram-sha-512')]).optional(),
});
export type KafkaConnection = z.infer<typeof KafkaConnection>;

/** The connection as `openKafka` takes it. A password over an unencrypted connection is what Kafka allows, too. */
export function kafkaConnection({
  brokers,
  tls,
  sasl,
}: KafkaConnection): Pick<KafkaOptions, 'brokers' | 'ssl' | 'sasl'> {
  return {
    brokers,
    ...(tls.enabled
      ? {
          ssl: {
            ...(tls.ca === undefined ? {} : { ca: [tls.ca] }),
            ...(tls.certificate === undefined ? {} : { cert: tls.certificate, key: tls.key }),
            ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
            minVersion: 'TLSv1.2' as const,
          },
        }
      : {}),
    ...(sasl === undefined ? {} : { sasl }),
  };
}
