import { gatherConfig } from '@tripkey/service-kit';
import { ApiClientConfig } from '../api/api-client.ts';
import { configSchema, unknownPaths } from './config-schema.ts';
import { type ServiceName, serviceConfigs, serviceNames } from './service-configs.ts';

/** What is wrong with a configuration. Paths and reasons, never a value. */
export interface ConfigReport {
  /** What the file and the environment say that cannot be read, or that no service knows. */
  readonly general: readonly string[];
  /** What a service would refuse to start for. */
  readonly services: Readonly<Partial<Record<ServiceName, readonly string[]>>>;
  readonly ok: boolean;
}

/** Checks what file and environment say as every service would, and for names that none of them knows. */
export function checkConfig(
  env: NodeJS.ProcessEnv,
  names: readonly ServiceName[] = serviceNames,
): ConfigReport {
  const { raw, faults } = gatherConfig(env);
  // Set beside the services', for whoever calls commands that ask the API.
  const unknown = unknownPaths(raw, configSchema())
    .filter((path) => !Object.hasOwn(ApiClientConfig.shape, path))
    .map((path) => `${path}: no service knows this setting`);
  const general = [...faults, ...unknown];
  const services: Partial<Record<ServiceName, string[]>> = {};
  for (const name of names) {
    const parsed = serviceConfigs[name].safeParse(raw);
    if (parsed.success) continue;
    services[name] = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.') || '(top)'}: ${message}`,
    );
  }
  return { general, services, ok: general.length === 0 && Object.keys(services).length === 0 };
}

const secretNames = /(password|token|secret|pepper|key|authorization)$/i;

/** A configuration with every secret in it replaced by whether it is set. */
export function redacted(config: unknown, path = ''): unknown {
  if (Array.isArray(config)) return config.map((value, index) => redacted(value, `${path}.${index}`));
  if (typeof config === 'object' && config !== null) {
    return Object.fromEntries(
      Object.entries(config).map(([name, value]) => [name, redacted(value, path ? `${path}.${name}` : name)]),
    );
  }
  if (typeof config !== 'string') return config;
  if (secretNames.test(path)) return config === '' ? '' : '[set]';
  return withoutPassword(config);
}

/** A URL may hold a password, too. */
function withoutPassword(text: string): string {
  if (!/^\w+:\/\/[^/]*@/.test(text)) return text;
  return text.replace(/^(\w+:\/\/)[^/@]*@/, '$1[set]@');
}
