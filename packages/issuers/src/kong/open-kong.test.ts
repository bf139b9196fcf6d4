import { expect, test } from 'vitest';
import { aCommand } from '../testing/a-command.ts';
import { describeIssuerFaults } from '../testing/describe-issuer-faults.ts';
import { describeKeyIssuer } from '../testing/describe-key-issuer.ts';
import { type DoubleRequest, startIssuerDouble } from '../testing/issuer-double.ts';
import { openKong } from './open-kong.ts';

const token = 'kong-admin-token-made-up';
const notFound = { status: 404, body: { message: 'Not found' } };

interface StoredPlugin {
  id: string;
  name: string;
  enabled: boolean;
  tags: string[] | null;
  config: { trigger: string | null };
}

/** Kong's Admin API as its documentation describes it, for consumers, key-auth credentials and plugins. */
async function startKong() {
  const consumers = new Map<string, { tags: string[] | null; plugins: StoredPlugin[] }>();
  const answer = ({ method, url, headers, body }: DoubleRequest) => {
    if (headers['kong-admin-token'] !== token) return { status: 401, body: { message: 'Unauthorized' } };
    const [, collection, id = '', sub, pluginId] = decodeURIComponent(url.pathname).split('/');
    const consumerId = collection === 'key-auths' ? id.replace('credential', 'consumer') : id;
    const consumer = consumers.get(consumerId);
    if (!consumer) return notFound;
    if (collection === 'key-auths' && sub === 'consumer') {
      return { status: 200, body: { id: consumerId, username: 'crm', tags: consumer.tags } };
    }
    if (collection !== 'consumers') return notFound;
    if (!sub) return { status: 200, body: { id: consumerId, username: 'crm', tags: consumer.tags } };
    if (method === 'GET') return { status: 200, body: { data: consumer.plugins, next: null } };
    const others = consumer.plugins.filter((plugin) => plugin.id !== pluginId);
    if (method === 'DELETE') {
      consumer.plugins = others;
      return { status: 204 };
    }
    const wanted = JSON.parse(body) as StoredPlugin;
    if (others.some(({ name }) => name === wanted.name)) {
      return { status: 409, body: { name: 'unique constraint violation', code: 5 } };
    }
    const config = { ...wanted.config, trigger: wanted.config.trigger ?? null };
    const plugin = { ...wanted, config, id: pluginId ?? '' };
    consumer.plugins = [...others, plugin];
    return { status: 200, body: plugin };
  };
  const double = await startIssuerDouble(answer, ({ method }) => method !== 'GET', {
    status: 429,
    body: { message: 'API rate limit exceeded' },
  });
  return { ...double, consumers };
}

describeKeyIssuer(
  'Kong',
  async () => {
    const kong = await startKong();
    let count = 0;
    return {
      ...kong,
      issuer: openKong({ name: 'kong', url: kong.url, token }),
      addKey(changes) {
        const tags = changes?.protected ? ['gold', 'tripkey-protected'] : null;
        kong.consumers.set(`consumer-${++count}`, { tags, plugins: [] });
        return `credential-${count}`;
      },
    };
  },
  { actions: ['disable', 'enable'], idempotency: 'by_state', versions: false },
);

describeIssuerFaults('Kong', (url, timeoutMs) => openKong({ name: 'kong', url, token, timeoutMs }));

async function withConsumer(plugins: StoredPlugin[]) {
  const kong = await startKong();
  kong.consumers.set('consumer-1', { tags: null, plugins });
  return { kong, issuer: openKong({ name: 'kong', url: kong.url, token }) };
}
const theirs: StoredPlugin = {
  id: 'theirs',
  name: 'request-termination',
  enabled: true,
  tags: null,
  config: { trigger: null },
};

test("what the operator's own plugin stops reads as disabled, and is not taken away", async () => {
  const { kong, issuer } = await withConsumer([theirs]);
  expect((await issuer.read('credential-1')).state).toBe('disabled');
  expect(await issuer.act(aCommand({ keyId: 'credential-1' }))).toMatchObject({ kind: 'noop' });
  await issuer.act(aCommand({ keyId: 'credential-1', action: 'enable' }));
  expect(kong.consumers.get('consumer-1')?.plugins).toEqual([theirs]);
  await kong.close();
});

test.each<[string, StoredPlugin]>([
  ['is switched off', { ...theirs, enabled: false }],
  ['has a trigger', { ...theirs, config: { trigger: 'x-stop' } }],
])(
  'a plugin of the operator that %s stops nothing and takes the place that a stop needs',
  async (_, plugin) => {
    const { kong, issuer } = await withConsumer([plugin]);
    expect((await issuer.read('credential-1')).state).toBe('active');
    expect(await issuer.act(aCommand({ keyId: 'credential-1' }))).toMatchObject({
      kind: 'refused',
      code: 'unsupported',
    });
    expect(kong.consumers.get('consumer-1')?.plugins).toEqual([plugin]);
    await kong.close();
  },
);

test('key ids may be those of consumers, and then no credential is asked for', async () => {
  const { kong } = await withConsumer([]);
  const issuer = openKong({ name: 'kong', url: kong.url, token, keysAre: 'consumer' });
  expect(await issuer.act(aCommand({ keyId: 'consumer-1' }))).toMatchObject({ kind: 'done' });
  expect(kong.requests.some(({ url }) => url.pathname.startsWith('/key-auths'))).toBe(false);
  await kong.close();
});

test('a failure in the middle of a stop is ambiguous', async () => {
  const { kong, issuer } = await withConsumer([]);
  kong.loseNextReply();
  expect(await issuer.act(aCommand({ keyId: 'credential-1' }))).toMatchObject({
    kind: 'retry',
    why: 'connection_lost',
    ambiguous: true,
  });
  expect(kong.consumers.get('consumer-1')?.plugins).toHaveLength(1);
  await kong.close();
});
