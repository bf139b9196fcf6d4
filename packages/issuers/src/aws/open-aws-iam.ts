import type { IAMClient } from '@aws-sdk/client-iam';
import { byState, type Written } from '../by-state.ts';
import { afterMsDefault, harmlessId } from '../http/call-http.ts';
import type { KeyIssuer, KeyReading } from '../key-issuer.ts';
import { type AwsOptions, clientOptions, meaningOf, notWritten } from './aws-client.ts';

/** A user has at most two access keys (IAM quotas); asked for with room. */
const keysOfUserMax = 10;
const accessKeyId = /^[A-Z0-9]{16,128}$/;

/**
 * Access keys of IAM users: `UpdateAccessKey` with `Inactive` and `Active`. Key ids are access key ids; whose they are
 * is asked for, since `UpdateAccessKey` without a user would mean the caller's own. Keys of the root user are refused.
 * IAM is eventually consistent and names no time; 60 s unless told otherwise.
 */
export function openAwsIam(options: AwsOptions): KeyIssuer {
  const { name, propagationMs = 60_000 } = options;
  // Loaded with the first call: who does not use AWS does not wait for its client.
  let opened: Promise<{ sdk: typeof import('@aws-sdk/client-iam'); client: IAMClient }> | undefined;
  const open = () => {
    opened ??= import('@aws-sdk/client-iam').then((sdk) => ({
      sdk,
      client: new sdk.IAMClient(clientOptions(options)),
    }));
    return opened;
  };
  const abort = (signal?: AbortSignal) => (signal ? { abortSignal: signal } : {});

  /** @returns null for a key that belongs to no user. @throws what the SDK throws */
  async function ownerOf(keyId: string, signal?: AbortSignal): Promise<string | null> {
    const { sdk, client } = await open();
    const asked = new sdk.GetAccessKeyLastUsedCommand({ AccessKeyId: keyId });
    const { UserName } = await client.send(asked, abort(signal));
    return UserName && !UserName.startsWith('<') ? UserName : null;
  }

  return byState({
    name,
    capabilities: {
      actions: new Set(['disable', 'enable']),
      reach: 'key',
      propagationMs,
      undo: { disable: { withinMs: null } },
    },
    async read(keyId, signal): Promise<KeyReading> {
      if (!accessKeyId.test(keyId)) return { state: 'unknown', why: 'invalid', afterMs: 0 };
      try {
        const owner = await ownerOf(keyId, signal);
        if (owner === null) return { state: 'unknown', why: 'issuer_unsure', afterMs: afterMsDefault };
        const { sdk, client } = await open();
        const asked = new sdk.ListAccessKeysCommand({ UserName: owner, MaxItems: keysOfUserMax });
        const { AccessKeyMetadata } = await client.send(asked, abort(signal));
        const key = AccessKeyMetadata?.find((one) => one.AccessKeyId === keyId);
        if (key?.Status === 'Active') return { state: 'active' };
        if (key?.Status === 'Inactive') return { state: 'disabled' };
        if (key?.Status === 'Expired') return { state: 'revoked' };
        return { state: 'unknown', why: 'malformed', afterMs: afterMsDefault };
      } catch (error) {
        signal?.throwIfAborted();
        const meaning = meaningOf(error);
        if (meaning.kind === 'missing') return { state: 'missing' };
        return { state: 'unknown', why: meaning.why, afterMs: meaning.afterMs };
      }
    },
    async write(keyId, action, signal): Promise<Written> {
      try {
        const owner = await ownerOf(keyId, signal);
        if (owner === null) return { kind: 'refused', code: 'unsupported' };
        const { sdk, client } = await open();
        const enable = action === 'enable';
        const order = {
          UserName: owner,
          AccessKeyId: keyId,
          Status: enable ? 'Active' : 'Inactive',
        } as const;
        const { $metadata } = await client.send(new sdk.UpdateAccessKeyCommand(order), abort(signal));
        if ($metadata.httpStatusCode !== 200) throw new Error('another answer than IAM has');
        const requestId = harmlessId($metadata.requestId);
        return {
          kind: 'written',
          state: enable ? 'active' : 'disabled',
          ...(requestId !== undefined && { requestId }),
        };
      } catch (error) {
        signal?.throwIfAborted();
        return notWritten(error);
      }
    },
  });
}
