import { randomBytes } from 'node:crypto';
import { type Notifier, openSlack } from '@tripkey/alerter';
import { createEmitter, type Emitter } from '@tripkey/emitter';
import { startIssuerSandbox } from '@tripkey/issuer-sandbox';
import type { Logger } from '@tripkey/service-kit';
import { createEmulator } from 'emulate';
import { shownNotifier } from './shown-notifier.ts';
import { victim } from './victim.ts';

/** What the demo plays on: a local Slack, and an issuer with a gateway and an API behind it. */
export interface Stage extends AsyncDisposable {
  /** Of the sandbox: the API and the issuer's contract. */
  readonly url: string;
  readonly issuerToken: string;
  /** The secret of the key that will be stolen. */
  readonly secret: string;
  readonly notifier: Notifier;
  readonly emitter: LateEmitter;
}

/** Time for which the sandbox's gateway trusts what it knows of a key. */
const keyCacheTtlMs = 3_000;

export async function openStage({
  print,
  log,
}: {
  print: (text: string) => void;
  log: Logger;
}): Promise<Stage> {
  await using opened = new AsyncDisposableStack();
  const slack = await createEmulator({
    service: 'slack',
    port: 0,
    seed: { slack: { team: { name: 'Bluebird', domain: 'bluebird' }, channels: [{ name: 'sec-alerts' }] } },
  });
  opened.defer(() => slack.close());
  const notifier = await openSlack({
    token: 'xoxb-demo',
    channel: 'sec-alerts',
    apiUrl: `${slack.url}/api/`,
    log,
  });

  const issuerToken = randomBytes(24).toString('base64url');
  const emitter = new LateEmitter();
  opened.defer(() => emitter.close());
  const sandbox = await startIssuerSandbox({
    port: 0,
    adminToken: randomBytes(24).toString('base64url'),
    issuerToken,
    keyCacheTtlMs,
    trustForwardedFor: true,
    emitter,
    log,
  });
  opened.defer(() => sandbox.close());
  const { keyId, name, accountId, appId, owner, scopes } = victim;
  const { secret } = await sandbox.createKey({ keyId, name, accountId, appId, owner, scopes: [...scopes] });
  const kept = opened.move();
  return {
    url: sandbox.url,
    issuerToken,
    secret,
    notifier: shownNotifier(notifier, print),
    emitter,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** An emitter that is told later where to send to; until then nothing is emitted through it. */
class LateEmitter implements Pick<Emitter, 'emit'> {
  #emitter: Emitter | null = null;

  connect(url: string, token: string): void {
    this.#emitter = createEmitter({ url, token, gateway: 'sandbox-gateway' });
  }

  emit(event: Parameters<Emitter['emit']>[0]): void {
    this.#emitter?.emit(event);
  }

  async close(): Promise<void> {
    await this.#emitter?.close();
  }
}
