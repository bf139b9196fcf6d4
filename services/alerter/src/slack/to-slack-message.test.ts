import { aFinding, aKey } from '@tripkey/contract/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toAlertMessage } from '../alert/alert-message.ts';
import { toDigestMessage } from '../alert/digest.ts';
import { createIncidentBook } from '../incident/incident-book.ts';
import { renderText } from './render-text.ts';
import { sampleIncidents } from './sample-incidents.ts';
import { charsAim } from './slack-message.ts';
import { toSlackDigest } from './to-slack-digest.ts';
import { toSlackAlert, toSlackReply } from './to-slack-message.ts';

const at = Date.parse('2026-03-02T10:01:06.000Z');
const groups = new Map([['volume-spike', 'volume']]);

/** A volume spike on the forms key with three requests to show. */
const spike = aFinding({
  evidence: {
    observed: { requests: 4812, window_minutes: 15 },
    expected: { requests: 90.4, requests_peak: 210 },
    quiet_at: 320,
    params: {},
    samples: [
      { method: 'GET', path: '/v1/leads/1001', status: 200, network: '203.0.113.0/24', agent: 'curl/8.5' },
      { method: 'GET', path: '/v1/leads/1002', status: 200, network: '203.0.113.0/24', agent: 'curl/8.5' },
      { method: 'GET', path: '/v1/leads/<!channel>', status: 404, network: '203.0.113.0/24', agent: '*x*' },
    ],
  },
});

function incidentOf(finding = spike) {
  const book = createIncidentBook({ groups, quietMs: 3_600_000 });
  book.take(finding, at);
  return { book, id: [...book.incidents()][0]!.id };
}

describe.each(sampleIncidents())('$name', ({ name, incident, key }) => {
  const alert = toAlertMessage(incident, { key, consoleUrl: 'https://tripkey.example/console' });

  test('looks like this in Slack', async () => {
    const message = toSlackAlert(alert, { buttons: true, mention: 'S0SECURITY' });
    await expect(`${JSON.stringify(message, null, 2)}\n`).toMatchFileSnapshot(`./golden/${name}.json`);
    await expect(`${renderText(message)}\n`).toMatchFileSnapshot(`./golden/${name}.txt`);
  });

  test('looks like this in a Slack that refuses charts and rich text', async () => {
    const message = toSlackAlert(alert, { simple: true });
    expect(message.blocks.map(({ type }) => type)).not.toContain('rich_text');
    await expect(`${renderText(message)}\n`).toMatchFileSnapshot(`./golden/simple/${name}.txt`);
  });
});

test('a digest of many looks like this', async () => {
  const incidents = sampleIncidents().map(({ incident }) => incident);
  const digest = toDigestMessage(incidents[0]!, incidents, (incident) => ({
    key: sampleIncidents().find((one) => one.incident.id === incident.id)?.key,
    consoleUrl: 'https://tripkey.example/console',
  }));
  const message = toSlackDigest({ ...digest, more: 7 });
  await expect(`${JSON.stringify(message, null, 2)}\n`).toMatchFileSnapshot('./golden/digest.json');
  await expect(`${renderText(message)}\n`).toMatchFileSnapshot('./golden/digest.txt');
});

test('a group is called by a critical incident only', () => {
  const called = (name: string) => {
    const { incident, key } = sampleIncidents().find((one) => one.name === name)!;
    const message = toSlackAlert(toAlertMessage(incident, { key, consoleUrl: null }), {
      mention: 'S0SECURITY',
    });
    return JSON.stringify(message).includes('usergroup');
  };
  expect(called('reported-leak')).toBe(true);
  expect(called('volume')).toBe(false);
});

test('without a console there is no button', () => {
  const { book, id } = incidentOf();
  const message = toSlackAlert(toAlertMessage(book.get(id)!, { key: undefined, consoleUrl: null }));
  expect(message.blocks.map((block) => block.type)).not.toContain('actions');
});

/** Everything in a message that Slack looks for markup in. */
function parsedBySlack(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  if ('type' in part && part.type === 'mrkdwn' && 'text' in part) return [String(part.text)];
  return Object.values(part).flatMap(parsedBySlack);
}

test('no key name, owner, sample or evidence makes a message that Slack would refuse or obey', () => {
  const text = fc.string({ unit: 'binary', maxLength: 600 });
  const scalar = fc.oneof(text, fc.double({ noNaN: true }), fc.boolean(), fc.constant(null));
  const record = fc.dictionary(text, scalar, { maxKeys: 30 });
  fc.assert(
    fc.property(text, text, record, fc.array(record, { maxLength: 5 }), (name, owner, observed, samples) => {
      const { book, id } = incidentOf({ ...spike, evidence: { ...spike.evidence, observed, samples } });
      const key = aKey({ name, owner });
      const message = toSlackAlert(toAlertMessage(book.get(id)!, { key, consoleUrl: null }), {
        buttons: true,
      });
      expect(message.text).not.toMatch(/[<>\n]/);
      for (const text of parsedBySlack(message)) expect(text).not.toMatch(/[<>]/);
      expect(JSON.stringify(message.blocks).length).toBeLessThanOrEqual(charsAim);
      renderText(message);
    }),
    { numRuns: 40 },
  );
});

test('text that escapes to five times its length still fits', () => {
  const worst = (char: string) => {
    const text = char.repeat(256);
    const observed = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`${text}${n}`, text]));
    const sample = { [text]: text };
    const noisy = { ...spike.evidence, observed, samples: [sample, sample, sample] };
    const book = createIncidentBook({ groups, quietMs: 3_600_000 });
    const subject = { ...spike, account_id: text, app_id: text, title: text.slice(0, 200), evidence: noisy };
    for (let rule = 0; rule < 20; rule++) {
      const finding_id = String(rule).padStart(32, '0');
      book.take({ ...subject, finding_id, rule_id: `rule-${rule}-with-a-long-name`.padEnd(64, '-') }, at);
    }
    const key = aKey({ name: text, owner: text });
    return toSlackAlert(
      toAlertMessage([...book.incidents()][0]!, { key, consoleUrl: 'https://tripkey.example' }),
      { buttons: true },
    );
  };
  for (const char of ['&', '"', '\\', '\u202e', '😀', '<']) {
    const { blocks } = worst(char);
    expect(blocks.map((block) => block.type)).toContain('rich_text');
    expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(charsAim);
  }
});

test('a reply is literal', () => {
  const { text, blocks } = toSlackReply({
    kind: 'resolved',
    text: 'Stopped <!here> *now*',
    broadcast: false,
  });
  expect(text).toBe('Stopped &lt;!here&gt; ∗now∗');
  expect(JSON.stringify(blocks)).toContain('"text":"Stopped <!here> *now*"');
});
