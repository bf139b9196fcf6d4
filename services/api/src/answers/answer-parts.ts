import type { AlertingConfig, onStore } from '@tripkey/alerter';
import type { Clock, Logger } from '@tripkey/service-kit';
import type { ClickHouseConfig, KeyRegistry, Store } from '@tripkey/store';
import type { ApiSettings } from '../config.ts';

/** What answers are made from. */
export interface AnswerParts {
  readonly store: Store;
  /** How a thread of its own reaches the same ClickHouse. */
  readonly clickhouse: ClickHouseConfig;
  /** ClickHouse as analysts may use it: as a user that can only read, within limits. Null: nobody may ask SQL. */
  readonly analysts: Store | null;
  readonly alerting: ReturnType<typeof onStore>;
  /** What issuers said about keys, refreshed by whoever runs the API. */
  readonly keys: KeyRegistry;
  readonly settings: ApiSettings;
  readonly config: Pick<AlertingConfig, 'incidents' | 'response'>;
  /** Configured issuers by name. */
  readonly issuers: ReadonlyMap<string, unknown>;
  /** Kinds of the configured issuers, by name. */
  readonly issuerKinds: ReadonlyMap<string, string>;
  /** Parameters that the detector runs with, by rule. */
  readonly ruleParams: Readonly<Record<string, unknown>>;
  readonly clock: Clock;
  readonly log: Logger;
}
