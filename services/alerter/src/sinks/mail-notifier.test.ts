import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AlertMessage, toAlertMessage } from '../alert/alert-message.ts';
import { toStoryLine } from '../alert/response-text.ts';
import { sampleIncidents } from '../slack/sample-incidents.ts';
import { mailNotifier, openMailTransport, ownerNotifier } from './mail-notifier.ts';

/** A real SMTP server that keeps what it takes. */
let mails: { to: string[]; text: string }[];
let refusal: { code: number } | null;
let server: SMTPServer;
let port: number;

beforeEach(async () => {
  mails = [];
  refusal = null;
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (refusal) return done(Object.assign(new Error('not now'), { responseCode: refusal.code }));
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mails.push({ to, text: Buffer.concat(chunks).toString('utf8') });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.server.address() as { port: number }).port;
});
afterEach(() => new Promise<void>((resolve) => server.close(resolve)));

const parts = () => {
  const from = 'Tripkey <tripkey@bluebird.example>';
  const reach = { host: '127.0.0.1', port, secure: false, from, timeoutMs: 5_000 };
  return { from, transport: openMailTransport(reach) };
};
const openMail = () => mailNotifier({ ...parts(), to: ['soc@bluebird.example'], severityMin: 'high' });
function sampleOf(name: string) {
  return sampleIncidents().find((one) => one.name === name)!;
}
function alertOf(name: string, changes: { name?: string } = {}): AlertMessage {
  const { incident, key } = sampleOf(name);
  return toAlertMessage(incident, {
    key: key && { ...key, ...changes },
    consoleUrl: 'https://tripkey.example',
  });
}

describe('mail', () => {
  test('tells an incident, and below it how it ends', async () => {
    const mail = openMail();
    const posted = await mail.post({ kind: 'alert', alert: alertOf('volume') }, 'inc_1:message:mail');
    if (posted.kind !== 'sent') throw new Error(posted.reason);
    const { incident } = sampleOf('volume-stopped');
    const line = toStoryLine(incident.story.at(-1)!);
    expect(mail.tells?.(line)).toBe(true);
    const alert = alertOf('volume-stopped');
    await mail.post({ kind: 'reply', line, thread: posted.ref, alert }, 'inc_1:9:mail');
    expect(mails.map(({ to }) => to)).toEqual([['soc@bluebird.example'], ['soc@bluebird.example']]);
    const [first, second] = mails.map(({ text }) => text);
    expect(first).toMatch(/^Message-ID: <inc_1\.message\.mail@bluebird\.example>/m);
    expect(first).toContain('Auto-Submitted: auto-generated');
    expect(second).toMatch(/^In-Reply-To: <inc_1\.message\.mail@bluebird\.example>/m);
    expect(second).toContain('Resolved by alice');
  });

  test('that is sent again is the same mail', async () => {
    const mail = openMail();
    const message = { kind: 'alert', alert: alertOf('volume') } as const;
    for (let attempt = 0; attempt < 2; attempt++) await mail.post(message, 'inc_1:message:mail');
    const ids = mails.map(({ text }) => /^Message-ID: (.*)$/im.exec(text)?.[1]);
    expect(ids[0]).toBe(ids[1]);
  });

  test('cannot be made to carry a header or a line of its own', async () => {
    const name = 'x\r\nBcc: everybody@bluebird.example\r\n\r\nhello';
    await openMail().post({ kind: 'alert', alert: alertOf('volume', { name }) }, 'inc_1:message:mail');
    expect(mails[0]!.to).toEqual(['soc@bluebird.example']);
    expect(mails[0]!.text).not.toMatch(/^(Bcc|hello)/m);
  });

  test.each([
    [451, 'returned'],
    [550, 'failed'],
  ])('that the server answers with %i is %s', async (code, kind) => {
    refusal = { code };
    const outcome = await openMail().post({ kind: 'alert', alert: alertOf('volume') }, 'inc_1:message:mail');
    expect(outcome.kind).toBe(kind);
  });
});

describe('the owner of a key', () => {
  test('is told when it is stopped: what, why and how to get it back', async () => {
    const owner = ownerNotifier({ ...parts(), contact: 'soc@bluebird.example' });
    expect(owner.takes?.(alertOf('volume'))).toBe(false);
    const alert = alertOf('volume-stopped');
    expect(owner.takes?.(alert)).toBe(true);
    await owner.post({ kind: 'alert', alert }, 'inc_1:message:owner');
    expect(mails[0]!.to).toEqual(['forms-team@bluebird.example']);
    const [, body] = mails[0]!.text.split('\r\n\r\n');
    expect(mails[0]!.text).toContain('Subject: Your API key Website forms (ak_live_7f3c) was disabled');
    expect(body).toContain('because it was used in a way');
    expect(mails[0]!.text).toContain('soc@bluebird.example');
  });

  test('hears nothing else', () => {
    const owner = ownerNotifier({ ...parts(), contact: 'us' });
    const told = sampleIncidents().flatMap(({ incident }) => incident.story.map(toStoryLine));
    expect(told.filter((line) => owner.tells?.(line))).toEqual([]);
  });
});
