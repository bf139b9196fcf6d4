export { EmbeddedClickHouseError, type EmbeddedErrorCode } from './embedded-error.ts';
export type { User, Users } from './front/access.ts';
export {
  type EmbeddedClickHouse,
  type EmbeddedClickHouseOptions,
  startEmbeddedClickHouse,
} from './start-embedded-clickhouse.ts';
