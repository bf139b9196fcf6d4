import type { KeyRecord } from '@tripkey/contract';

const readMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a key's scopes cover an endpoint, by the convention `read:leads` and `write:leads`: the resource is the
 * first segment of the route that is neither a version nor `api`. `*` stands for any resource or any verb; a write
 * scope does not include reading. Null when the key's scopes are not known.
 */
export function isGranted(key: KeyRecord | null, method: string, route: string): boolean | null {
  if (!key || key.scopes.length === 0) return null;
  const verb = readMethods.has(method) ? 'read' : 'write';
  const resource =
    route.split('/').find((part) => part !== '' && part !== 'api' && !/^v\d+$/.test(part)) ?? '';
  return key.scopes.some((scope) => {
    const [scopeVerb, scopeResource] = scope.split(':');
    return (scopeVerb === verb || scopeVerb === '*') && (scopeResource === resource || scopeResource === '*');
  });
}
