import type { KeyIssuer } from '@tripkey/issuers';
import { openGenericIssuer } from '@tripkey/issuers/generic';
import type { AlertingConfig } from './config.ts';

/** The configured issuers by the name that key records use. */
export function openIssuers({ issuers }: Pick<AlertingConfig, 'issuers'>): ReadonlyMap<string, KeyIssuer> {
  return new Map(
    Object.entries(issuers).map(([name, { url, token }]) => [name, openGenericIssuer({ name, url, token })]),
  );
}
