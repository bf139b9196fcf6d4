export { TokenBook } from './access/token-book.ts';
export { ApiConfig, ApiSettings } from './config.ts';
export { type Api, type ApiParts, createApi, makeLink } from './create-api.ts';
