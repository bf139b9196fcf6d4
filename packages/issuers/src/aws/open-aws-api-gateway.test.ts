import { expect, test } from 'vitest';
import { describeIssuerFaults } from '../testing/describe-issuer-faults.ts';
import { describeKeyIssuer } from '../testing/describe-key-issuer.ts';
import { type DoubleRequest, startIssuerDouble } from '../testing/issuer-double.ts';
import { openAwsApiGateway } from './open-aws-api-gateway.ts';

const options = {
  name: 'aws',
  region: 'eu-west-1',
  credentials: { accessKeyId: 'AKIAMADEUPMADEUP0001', secretAccessKey: 'made up' },
};
const failure = (status: number, type: string) => ({
  status,
  body: { message: 'x' },
  headers: { 'x-amzn-errortype': type },
});

/** API Gateway's REST operations on API keys as its reference describes them. */
async function startApiGateway() {
  const keys = new Map<string, { enabled: boolean; updatedAt: number; tags: object }>();
  const answer = ({ method, url, headers, body }: DoubleRequest) => {
    if (!headers.authorization?.startsWith('AWS4-HMAC-SHA256 Credential=AKIAMADEUPMADEUP0001/')) {
      return failure(403, 'AccessDeniedException');
    }
    const id = /^\/apikeys\/(\w+)$/.exec(url.pathname)?.[1] ?? '';
    const key = keys.get(id);
    if (!key) return failure(404, 'NotFoundException');
    if (method === 'PATCH') {
      const { patchOperations } = JSON.parse(body) as { patchOperations: Record<string, string>[] };
      for (const { op, path, value } of patchOperations) {
        if (op !== 'replace' || path !== '/enabled') return failure(400, 'BadRequestException');
        key.enabled = value === 'true';
      }
      key.updatedAt++;
    }
    const { enabled, tags, updatedAt } = key;
    return { status: 200, body: { id, name: 'crm', enabled, tags, lastUpdatedDate: updatedAt } };
  };
  const limited = { ...failure(429, 'TooManyRequestsException') };
  const double = await startIssuerDouble(answer, ({ method }) => method === 'PATCH', {
    ...limited,
    headers: { ...limited.headers, 'retry-after': '3' },
  });
  return { ...double, keys };
}

describeKeyIssuer(
  'AWS API Gateway',
  async () => {
    const gateway = await startApiGateway();
    let count = 0;
    return {
      ...gateway,
      issuer: openAwsApiGateway({ ...options, endpoint: gateway.url }),
      strangeKeyId: 'neverwas01',
      addKey(changes) {
        const keyId = `apikey000${++count}`;
        const tags = changes?.protected ? { 'tripkey:protected': 'true' } : {};
        gateway.keys.set(keyId, { enabled: true, updatedAt: 1_700_000_000, tags });
        return keyId;
      },
    };
  },
  { actions: ['disable', 'enable'], idempotency: 'by_state' },
);

describeIssuerFaults(
  'AWS API Gateway',
  (endpoint, timeoutMs) => openAwsApiGateway({ ...options, endpoint, timeoutMs }),
  { keyId: 'apikey0001' },
);

test('the value of a key is never asked for', async () => {
  const gateway = await startApiGateway();
  await openAwsApiGateway({ ...options, endpoint: gateway.url }).read('apikey0001');
  expect(gateway.requests.map(({ url }) => url.searchParams.get('includeValue'))).not.toContain('true');
  await gateway.close();
});

test('an id that could name another resource is not asked for', async () => {
  const gateway = await startApiGateway();
  const issuer = openAwsApiGateway({ ...options, endpoint: gateway.url });
  expect(await issuer.read('../usageplans')).toMatchObject({ state: 'unknown', why: 'invalid' });
  expect(gateway.requests).toEqual([]);
  await gateway.close();
});
