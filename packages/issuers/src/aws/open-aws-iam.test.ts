import { expect, test } from 'vitest';
import { aCommand } from '../testing/a-command.ts';
import { describeIssuerFaults } from '../testing/describe-issuer-faults.ts';
import { describeKeyIssuer } from '../testing/describe-key-issuer.ts';
import { type DoubleRequest, startIssuerDouble } from '../testing/issuer-double.ts';
import { openAwsIam } from './open-aws-iam.ts';

const options = {
  name: 'aws',
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIAMADEUPMADEUP0001', secretAccessKey: 'made up' },
};
const xml = (body: string, status = 200) => ({
  status,
  body,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': 'req-1' },
});
const failure = (status: number, code: string) =>
  xml(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>x</Message></Error></ErrorResponse>`,
    status,
  );

/** IAM's query protocol as its reference describes it, for the three actions that are used. */
async function startIam() {
  const keys = new Map<string, { user: string; status: string }>();
  const answer = ({ body }: DoubleRequest) => {
    const form = new URLSearchParams(body);
    const result = (content: string) => {
      const action = form.get('Action');
      return xml(`<${action}Response><${action}Result>${content}</${action}Result></${action}Response>`);
    };
    const key = keys.get(form.get('AccessKeyId') ?? '');
    switch (form.get('Action')) {
      case 'GetAccessKeyLastUsed': {
        const used =
          '<AccessKeyLastUsed><ServiceName>N/A</ServiceName><Region>N/A</Region></AccessKeyLastUsed>';
        return key ? result(`<UserName>${key.user}</UserName>${used}`) : failure(404, 'NoSuchEntity');
      }
      case 'ListAccessKeys': {
        const members = [...keys]
          .filter(([, { user }]) => user === form.get('UserName'))
          .map(([id, { user, status }]) => {
            const fields = `<UserName>${user}</UserName><AccessKeyId>${id}</AccessKeyId><Status>${status}</Status>`;
            return `<member>${fields}</member>`;
          });
        return result(
          `<AccessKeyMetadata>${members.join('')}</AccessKeyMetadata><IsTruncated>false</IsTruncated>`,
        );
      }
      case 'UpdateAccessKey':
        if (!key || key.user !== form.get('UserName')) return failure(404, 'NoSuchEntity');
        key.status = form.get('Status') ?? '';
        return xml('<UpdateAccessKeyResponse></UpdateAccessKeyResponse>');
      default:
        return failure(403, 'AccessDenied');
    }
  };
  const double = await startIssuerDouble(
    answer,
    ({ body }) => body.includes('Action=UpdateAccessKey'),
    failure(400, 'Throttling'),
  );
  return { ...double, keys };
}

describeKeyIssuer(
  'AWS IAM',
  async () => {
    const iam = await startIam();
    let count = 0;
    return {
      ...iam,
      issuer: openAwsIam({ ...options, endpoint: iam.url }),
      strangeKeyId: 'AKIANEVERWASNEVERWAS',
      addKey() {
        const keyId = `AKIAMADEUPMADEUP100${++count}`;
        iam.keys.set(keyId, { user: 'crm-sync', status: 'Active' });
        return keyId;
      },
    };
  },
  { actions: ['disable', 'enable'], idempotency: 'by_state', protects: false, versions: false },
);

describeIssuerFaults('AWS IAM', (endpoint, timeoutMs) => openAwsIam({ ...options, endpoint, timeoutMs }), {
  keyId: 'AKIAMADEUPMADEUP1001',
});

test("a key is changed under its user's name, never under the caller's", async () => {
  const iam = await startIam();
  iam.keys.set('AKIAMADEUPMADEUP1001', { user: 'crm-sync', status: 'Active' });
  await openAwsIam({ ...options, endpoint: iam.url }).act(aCommand({ keyId: 'AKIAMADEUPMADEUP1001' }));
  const updates = iam.requests.map(({ body }) => new URLSearchParams(body));
  expect(updates.filter((form) => form.get('Action') === 'UpdateAccessKey')).toHaveLength(1);
  expect(updates.at(-1)?.get('UserName')).toBe('crm-sync');
  await iam.close();
});

test('a key of the root user is left alone', async () => {
  const iam = await startIam();
  iam.keys.set('AKIAMADEUPMADEUP1001', { user: '&lt;root_account&gt;', status: 'Active' });
  const issuer = openAwsIam({ ...options, endpoint: iam.url });
  expect(await issuer.read('AKIAMADEUPMADEUP1001')).toMatchObject({ state: 'unknown' });
  expect((await issuer.act(aCommand({ keyId: 'AKIAMADEUPMADEUP1001' }))).kind).toBe('retry');
  expect(iam.keys.get('AKIAMADEUPMADEUP1001')?.status).toBe('Active');
  await iam.close();
});
