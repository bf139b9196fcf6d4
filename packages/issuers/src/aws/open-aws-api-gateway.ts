import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { byState, type Written } from '../by-state.ts';
import { afterMsDefault, harmlessId } from '../http/call-http.ts';
import type { KeyIssuer, KeyReading } from '../key-issuer.ts';
import { type AwsOptions, clientOptions, meaningOf, notWritten } from './aws-client.ts';

const apiKeyId = /^[a-z0-9]{1,128}$/i;

/**
 * API keys of Amazon API Gateway: `UpdateApiKey` with `/enabled`. The key's value is never asked for. A key with the tag
 * `tripkey:protected` = `true` counts as protected. AWS names no time until gateways know; 60 s unless told otherwise.
 */
export function openAwsApiGateway(options: AwsOptions): KeyIssuer {
  const { name, propagationMs = 60_000 } = options;
  // Loaded with the first call: who does not use AWS does not wait for its client.
  let opened: Promise<{ sdk: typeof import('@aws-sdk/client-api-gateway'); client: APIGatewayClient }>;
  const open = () => {
    opened ??= import('@aws-sdk/client-api-gateway').then((sdk) => ({
      sdk,
      client: new sdk.APIGatewayClient(clientOptions(options)),
    }));
    return opened;
  };
  const abort = (signal?: AbortSignal) => (signal ? { abortSignal: signal } : {});

  return byState({
    name,
    capabilities: {
      actions: new Set(['disable', 'enable']),
      reach: 'key',
      propagationMs,
      undo: { disable: { withinMs: null } },
    },
    async read(keyId, signal): Promise<KeyReading> {
      if (!apiKeyId.test(keyId)) return { state: 'unknown', why: 'invalid', afterMs: 0 };
      try {
        const { sdk, client } = await open();
        const asked = new sdk.GetApiKeyCommand({ apiKey: keyId, includeValue: false });
        const key = await client.send(asked, abort(signal));
        if (key.id !== keyId || typeof key.enabled !== 'boolean') {
          return { state: 'unknown', why: 'malformed', afterMs: afterMsDefault };
        }
        return {
          state: key.enabled ? 'active' : 'disabled',
          protected: key.tags?.['tripkey:protected'] === 'true',
          ...(key.lastUpdatedDate && { version: key.lastUpdatedDate.toISOString() }),
        };
      } catch (error) {
        signal?.throwIfAborted();
        const meaning = meaningOf(error);
        if (meaning.kind === 'missing') return { state: 'missing' };
        return { state: 'unknown', why: meaning.why, afterMs: meaning.afterMs };
      }
    },
    async write(keyId, action, signal): Promise<Written> {
      const enabled = action === 'enable';
      try {
        const { sdk, client } = await open();
        const order = new sdk.UpdateApiKeyCommand({
          apiKey: keyId,
          patchOperations: [{ op: 'replace', path: '/enabled', value: String(enabled) }],
        });
        const key = await client.send(order, abort(signal));
        if (key.id !== keyId || key.enabled !== enabled) {
          return { kind: 'retry', why: 'malformed', ambiguous: true, afterMs: afterMsDefault };
        }
        const requestId = harmlessId(key.$metadata.requestId);
        return {
          kind: 'written',
          state: enabled ? 'active' : 'disabled',
          ...(requestId !== undefined && { requestId }),
        };
      } catch (error) {
        signal?.throwIfAborted();
        return notWritten(error);
      }
    },
  });
}
