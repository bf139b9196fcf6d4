import type { LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AddressRefusedError, createOutbound, OutboundConfig } from './outbound.ts';
import { mayConnect } from './outbound-addresses.ts';

let server: Server;
let port: number;
let asked = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    asked++;
    if (request.url === '/away') response.writeHead(302, { location: '/' }).end();
    else response.end('inside');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const open = createOutbound({ allowedNetworks: ['127.0.0.0/8'] });
const closed = createOutbound({ allowedNetworks: [] });
/** Names that resolve to what the test says. */
const namedAs = (...addresses: LookupAddress[]) =>
  ((_host: string, _options: object, callback: (error: null, found: LookupAddress[]) => void) =>
    callback(null, addresses)) as never;
const v4 = (address: string): LookupAddress => ({ address, family: 4 });
const causeOf = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: Error) => error.cause,
  );

describe('an address that is not public', () => {
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.0.1',
    '169.254.169.254', // metadata of AWS, Azure, Google
    '100.100.100.200', // metadata of Alibaba
    '168.63.129.16', // Azure's platform
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00:ec2::254', // metadata of AWS
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1', // 127.0.0.1 behind a translator
    '2002:7f00:1::', // 127.0.0.1 by 6to4
    'not-an-address',
  ])('is refused: %s', (address) => {
    expect(mayConnect([])(address)).toBe(false);
  });

  test('is allowed when a network says so, and only there', () => {
    const allows = mayConnect(['10.20.0.0/16', 'fd12::/16', '192.168.7.7']);
    expect(['10.20.9.9', 'fd12::1', '192.168.7.7', '::ffff:10.20.0.1'].every(allows)).toBe(true);
    expect(['10.21.0.1', 'fd13::1', '192.168.7.8', '127.0.0.1'].some(allows)).toBe(false);
  });
});

test.each(['8.8.8.8', '140.82.112.5', '2606:4700::1111'])('a public address is not: %s', (address) => {
  expect(mayConnect([])(address)).toBe(true);
});

test('no way of writing a loopback or private address gets past', async () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const inside = fc.oneof(
    fc.tuple(fc.constant(127), octet, octet, octet),
    fc.tuple(fc.constant(10), octet, octet, octet),
    fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
    fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
  );
  const number = ([a, b, c, d]: [number, number, number, number]) =>
    ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const spellings = [
    (ip: [number, number, number, number]) => ip.join('.'),
    (ip: [number, number, number, number]) => String(number(ip)),
    (ip: [number, number, number, number]) => `0x${number(ip).toString(16)}`,
    (ip: [number, number, number, number]) => ip.map((part) => `0${part.toString(8)}`).join('.'),
    (ip: [number, number, number, number]) => `[::ffff:${ip.join('.')}]`,
  ];
  await fc.assert(
    fc.asyncProperty(inside, fc.constantFrom(...spellings), async (ip, spelling) => {
      expect(await causeOf(closed.fetch(`http://${spelling(ip)}/`))).toBeInstanceOf(AddressRefusedError);
    }),
  );
});

describe('a name', () => {
  test('that leads inside is refused before anything is sent', async () => {
    const before = asked;
    const cause = await causeOf(closed.fetch(`http://localhost:${port}/`));
    expect(cause).toMatchObject({ code: 'outbound.address_refused' });
    expect(asked).toBe(before);
  });

  test('that leads inside with one of its addresses is refused', async () => {
    const mixed = createOutbound({ allowedNetworks: [] }, namedAs(v4('203.0.114.7'), v4('127.0.0.1')));
    expect(await causeOf(mixed.fetch(`http://issuer.example:${port}/`))).toBeInstanceOf(AddressRefusedError);
  });

  test('is connected to at the address that was checked', async () => {
    const named = createOutbound({ allowedNetworks: ['127.0.0.1'] }, namedAs(v4('127.0.0.1')));
    expect(await (await named.fetch(`http://issuer.example:${port}/`)).text()).toBe('inside');
  });

  test('that nobody knows fails as it does without a guard', async () => {
    const nobody = createOutbound({ allowedNetworks: [] }, ((
      _host: string,
      _options: object,
      callback: (error: Error) => void,
    ) => callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))) as never);
    expect(await causeOf(nobody.fetch('http://issuer.example/'))).toMatchObject({ code: 'ENOTFOUND' });
  });

  test('is checked for other clients, too, whether they take one address or all', async () => {
    const ask = (lookup: LookupFunction, all: boolean) =>
      new Promise((resolve) => lookup('issuer.example', { all }, (error, found) => resolve(error ?? found)));
    const outside = createOutbound({ allowedNetworks: [] }, namedAs(v4('203.0.114.7')));
    expect(await ask(outside.lookup, false)).toBe('203.0.114.7');
    expect(await ask(outside.lookup, true)).toEqual([v4('203.0.114.7')]);
    const inside = createOutbound({ allowedNetworks: [] }, namedAs(v4('10.0.0.1')));
    expect(await ask(inside.lookup, false)).toBeInstanceOf(AddressRefusedError);
  });
});

test('a redirect is an answer, not a way', async () => {
  const response = await open.fetch(`http://127.0.0.1:${port}/away`, { redirect: 'follow' });
  expect(response.status).toBe(302);
});

test('a network that is none is a fault of the configuration, by its path', () => {
  const { error } = OutboundConfig.safeParse({ allowedNetworks: '10.0.0.0/8,somewhere' });
  expect(error?.issues).toMatchObject([{ path: ['allowedNetworks'] }]);
  expect(OutboundConfig.parse({ allowedNetworks: '10.0.0.0/8, 127.0.0.1' })).toEqual({
    allowedNetworks: ['10.0.0.0/8', '127.0.0.1'],
  });
});
