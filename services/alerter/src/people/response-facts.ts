import type { KeyRecord } from '@tripkey/contract';
import type { Incident } from '../incident/incident.ts';
import { issuerOf } from '../respond/issuer-of.ts';
import { isProtected } from '../respond/policy.ts';
import type { CommandFacts } from './decide-command.ts';

/** What is known about an incident's key when a person wants something done to it. */
export function responseFacts(
  { keyId, operations }: Incident,
  parts: {
    readonly issuers: ReadonlyMap<string, unknown>;
    readonly policy: Parameters<typeof isProtected>[0];
    readonly key: (keyId: string) => KeyRecord | undefined;
  },
): Omit<CommandFacts, 'nowMs'> {
  const key = keyId === null ? undefined : parts.key(keyId);
  return {
    issuer: issuerOf(parts.issuers, key),
    // What only the issuer knows it has said: to the guards, or when it refused what one person wanted.
    isProtected:
      keyId !== null &&
      (isProtected(parts.policy, keyId, key) || operations.some((operation) => operation.isProtected)),
  };
}
