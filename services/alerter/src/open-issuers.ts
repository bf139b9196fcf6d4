import type { KeyIssuer } from '@tripkey/issuers';
import { openIssuer } from '@tripkey/issuers/configured';
import { AddressRefusedError, ConfigError, createOutbound } from '@tripkey/service-kit';
import type { AlertingConfig } from './config.ts';

/**
 * The configured issuers by the name that key records use.
 * @throws {ConfigError} naming every issuer whose address cannot be called
 */
export function openIssuers({
  issuers,
  outbound: settings,
}: Pick<AlertingConfig, 'issuers' | 'outbound'>): ReadonlyMap<string, KeyIssuer> {
  const outbound = createOutbound(settings);
  const opened = new Map<string, KeyIssuer>();
  const faults: string[] = [];
  for (const [name, config] of Object.entries(issuers)) {
    try {
      opened.set(name, openIssuer(name, config, outbound));
    } catch (error) {
      if (!(error instanceof AddressRefusedError) && !(error instanceof TypeError)) throw error;
      faults.push(`  - issuers.${name}: ${error.message}`);
    }
  }
  if (faults.length > 0) throw new ConfigError(`configuration cannot be used:\n${faults.join('\n')}`);
  return opened;
}
