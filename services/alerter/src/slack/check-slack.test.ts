import { silentLogger } from '@tripkey/service-kit/testing';
import { createEmulator, type Emulator } from 'emulate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AlertingConfig } from '../config.ts';
import { checkSlack } from './check-slack.ts';

let slack: Emulator;
const token = 'xoxb-check';
beforeAll(async () => {
  slack = await createEmulator({
    service: 'slack',
    port: 0,
    seed: { slack: { team: { name: 'Acme', domain: 'acme' }, channels: [{ name: 'sec-alerts' }] } },
  });
});
afterAll(() => slack.close());

const check = async (settings: object) => {
  const apiUrl = `${slack.url}/api/`;
  const config = AlertingConfig.parse({ slack: { token, channel: 'sec-alerts', apiUrl, ...settings } });
  const checks = await checkSlack(config.slack, silentLogger);
  return (name: string) => checks.find((one) => one.name === name);
};

test('a Slack that is in order says so, and what it does not check is not called in order', async () => {
  const of = await check({});
  expect(of('token')).toMatchObject({ result: 'ok' });
  expect(of('channel sec-alerts')).toMatchObject({ result: 'ok' });
  // The emulator has no blocks.validate.
  expect(of('blocks of volume')?.result).not.toBe('ok');
  expect(of('clicks')).toMatchObject({ result: 'skipped' });
});

test('a channel that the bot does not see, and a token of another workspace, are named', async () => {
  const of = await check({ routes: [{ channel: 'nowhere' }], teamId: 'T0OTHER' });
  expect(of('channel nowhere')).toMatchObject({
    result: 'failed',
    detail: expect.stringContaining('invite it'),
  });
  expect(of('token')).toMatchObject({ result: 'failed', detail: expect.stringContaining('T0OTHER') });
});
