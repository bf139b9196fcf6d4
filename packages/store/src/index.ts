export { migrate, migrationFiles } from './migrate.ts';
export { defineQuestion, type Question } from './question.ts';
export { type RequestRow, requestColumns } from './request-row.ts';
export { applyRetention, Retention } from './retention.ts';
export { ClickHouseConfig, openStore, type Store } from './store.ts';
