import { describe, expect, test } from 'vitest';
import { agentFamily } from './agent-family.ts';
import { readClientAddress } from './client-address.ts';
import { createEnricher } from './enricher.ts';
import { openIpDatabase } from './ip-database.ts';

describe('client addresses', () => {
  test.each([
    ['203.0.113.7', '::ffff:203.0.113.7', '203.0.113.0/24'],
    ['203.0.113.7:4711', '::ffff:203.0.113.7', '203.0.113.0/24'],
    ['203.0.113.7, 10.0.0.1', '::ffff:203.0.113.7', '203.0.113.0/24'],
    ['::ffff:203.0.113.7', '::ffff:203.0.113.7', '203.0.113.0/24'],
    ['2001:DB8:1:2::7', '2001:db8:1:2::7', '2001:db8:1::/48'],
    ['[2001:db8::7]:443', '2001:db8::7', '2001:db8:0::/48'],
    ['fe80::1%eth0', 'fe80::1', 'fe80:0:0::/48'],
    ['::1', '::1', '0:0:0::/48'],
    ['1::', '1::', '1:0:0::/48'],
  ])('%s is read', (text, address, network) => {
    expect(readClientAddress(text)).toMatchObject({ address, network });
  });

  test.each([['unknown'], ['1.2.3'], ['1.2.3.4.5'], ['']])('"%s" is not an address', (text) => {
    expect(readClientAddress(text)).toBeNull();
  });
});

describe('agent families', () => {
  test.each([
    ['lead-sync/2.1', 'lead-sync'],
    ['python-requests/2.31.0', 'python-requests'],
    ['okhttp/4.12.0', 'okhttp'],
    ['Go-http-client/1.1', 'Go-http-client'],
    ['Apache HttpClient/5.2', 'Apache HttpClient'],
    ['curl', 'curl'],
    [
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36',
      'Chrome',
    ],
    ['Mozilla/5.0 (X11; Linux) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0', 'Edge'],
    ['Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.example)', 'AhrefsBot'],
    ['', ''],
    ['()', ''],
  ])('%s is %s', (agent, family) => {
    expect(agentFamily(agent)).toBe(family);
  });
});

describe('the installed IP database', () => {
  const enrich = createEnricher(openIpDatabase());

  test('knows the country of a public address', () => {
    expect(enrich.origin('8.8.8.8')).toMatchObject({ country: 'US', network: '8.8.8.0/24', readable: true });
    expect(enrich.origin('2001:4860:4860::8888').country).toBe('US');
  });

  test('says nothing about private addresses', () => {
    expect(enrich.origin('10.1.2.3')).toMatchObject({ country: '', asn: 0 });
  });

  test('an address that cannot be read is unknown, and said to be', () => {
    expect(enrich.origin('not-an-ip')).toMatchObject({ address: '::', network: '', readable: false });
  });

  test('an absent address is unknown, which is nothing odd', () => {
    expect(enrich.origin(undefined)).toMatchObject({ address: '::', readable: true });
  });
});
