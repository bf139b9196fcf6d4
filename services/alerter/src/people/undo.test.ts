import { aFinding } from '@tripkey/contract/testing';
import { afterEach, expect, test } from 'vitest';
import { toAlertMessage } from '../alert/alert-message.ts';
import { currentOperation } from '../incident/incident.ts';
import { AlerterWorld, type RunningAlerter } from '../testing/alerter-world.ts';
import { askOf, type Wish } from '../testing/ask-of.ts';

const minuteMs = 60_000;
let world: AlerterWorld;
let running: RunningAlerter | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const incident = () => world.incidents()[0]!;
const operation = () => (world.incidents()[0] ? currentOperation(incident()) : null);
const ask = (by: string, wish: Wish) => askOf(world, incident().id, by, wish);
const told = () => world.channel.replies.join('\n');

/** An incident whose key the policy has stopped, which is proven. */
async function aProvenStop({ undoWithinMs = null }: { undoWithinMs?: number | null } = {}): Promise<void> {
  world = new AlerterWorld();
  world.issuer.undoWithinMs = undoWithinMs;
  running = world.start();
  await world.find(aFinding({ detected_at: new Date(world.clock.now()).toISOString() }));
  await world.drive(() => operation()?.state === 'traffic_confirmed');
}

test('a person takes a stop back', async () => {
  await aProvenStop();
  const operation_id = operation()!.id;
  expect(await ask('alice', { kind: 'undo', operation_id, reason: 'it was us' })).toBeNull();
  await world.drive(() => operation()?.action === 'enable' && operation()?.state === 'state_confirmed');
  expect(world.issuer.states.get('key_forms_1')).toBe('active');
  await world.drive(() => told().includes('Key works again'));
  world.accepted.push({ keyId: 'key_forms_1', at: world.clock.now() });
  await world.drive(() => incident().state === 'resolved');
});

test('an undo that was refused can be asked for again', async () => {
  await aProvenStop();
  const stop = operation()!.id;
  world.issuer.faults.push({ kind: 'refused', code: 'unauthorized' });
  expect(await ask('alice', { kind: 'undo', operation_id: stop, reason: 'it was us' })).toBeNull();
  await world.drive(() =>
    told().includes('The key was NOT enabled again. The issuer refused: unauthorized.'),
  );
  expect(await ask('alice', { kind: 'stop', reason: 'stolen' })).toMatch(/stopped already/);
  const { choices } = toAlertMessage(incident(), { key: world.key, consoleUrl: null });
  expect(choices).toContainEqual({ kind: 'undo', operationId: stop });
  expect(await ask('alice', { kind: 'undo', operation_id: stop, reason: 'it was us' })).toBeNull();
  await world.drive(() => world.issuer.states.get('key_forms_1') === 'active');
});

test('a stop whose undo was refused is watched on: people are told when the key is accepted again', async () => {
  await aProvenStop();
  world.issuer.faults.push({ kind: 'refused', code: 'unauthorized' });
  await ask('alice', { kind: 'undo', operation_id: operation()!.id, reason: 'it was us' });
  await world.drive(() => operation()?.state === 'refused');
  world.accepted.push({ keyId: 'key_forms_1', at: world.clock.now() });
  await world.drive(() => told().includes('Revocation is NOT effective'));
  expect(incident().operations[0]!.state).toBe('not_effective');
});

test('a person takes a stop back only as long as the issuer does', async () => {
  await aProvenStop({ undoWithinMs: 2 * minuteMs });
  await world.clock.advance(2 * minuteMs);
  const undo = { kind: 'undo', operation_id: operation()!.id, reason: 'it was us' } as const;
  expect(await ask('alice', undo)).toMatch(/^The issuer took it back until .* only\.$/);
});
