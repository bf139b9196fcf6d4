export { AccessRecord } from './access/access-record.ts';
export { toToken } from './answers/token-answers.ts';
export { ApiConfig, ApiSettings } from './config.ts';
export { type Api, type ApiParts, createApi, makeLink } from './create-api.ts';
export { kindsOf } from './issuer-kinds.ts';
export { tablesForAnalysts } from './sql/open-tables.ts';
