import type { EmittedEvent, Emitter } from '@tripkey/emitter';
import { createEmitter } from '@tripkey/emitter';
import { ManualClock, silentLogger } from '@tripkey/service-kit/testing';
import type { NewKey } from '../issuer/new-key.ts';
import {
  type IssuerSandbox,
  type IssuerSandboxOptions,
  startIssuerSandbox,
} from '../start-issuer-sandbox.ts';

export const tokens = { admin: 'admin-token-for-tests', issuer: 'issuer-token-for-tests' } as const;

export interface TestSandbox extends IssuerSandbox {
  /** A wish for a key that reads and writes leads. */
  readonly wish: NewKey;
  readonly clock: ManualClock;
  /** What the gateway told, once `emitter.flush()` is through. */
  readonly events: readonly EmittedEvent[];
  readonly emitter: Emitter;
  /** Calls a path with a key, or without. */
  call(path: string, secret?: string, init?: RequestInit): Promise<Response>;
}

/** A sandbox on a free port, with a clock that stands still; it emits into `events`. */
export async function aSandbox(changes: Partial<IssuerSandboxOptions> = {}): Promise<TestSandbox> {
  const clock = new ManualClock();
  const events: EmittedEvent[] = [];
  const transport = {
    send: async (batch: readonly EmittedEvent[]) => {
      events.push(...batch);
      return undefined;
    },
  };
  const emitter = createEmitter({ transport, gateway: 'sandbox-1', flushMs: 1 });
  const sandbox = await startIssuerSandbox({
    port: 0,
    adminToken: tokens.admin,
    issuerToken: tokens.issuer,
    keyCacheTtlMs: 10_000,
    emitter,
    log: silentLogger,
    clock,
    ...changes,
  });
  return {
    ...sandbox,
    wish: {
      name: 'Website forms',
      accountId: 'acct_acme',
      appId: 'app_forms',
      owner: 'forms-team@acme.example',
      scopes: ['read:leads', 'write:leads'],
    },
    clock,
    events,
    emitter,
    call: (path, secret, init = {}) =>
      fetch(`${sandbox.url}${path}`, {
        ...init,
        headers: { ...(secret !== undefined && { authorization: `Bearer ${secret}` }), ...init.headers },
      }),
    close: async (withinMs) => {
      await sandbox.close(withinMs);
      await emitter.close();
    },
  };
}
