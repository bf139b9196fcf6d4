import { numeric, type Outbound } from '@tripkey/service-kit';
import * as z from 'zod';
import { openAwsApiGateway } from '../aws/open-aws-api-gateway.ts';
import { openAwsIam } from '../aws/open-aws-iam.ts';
import { openGenericIssuer } from '../generic/open-generic-issuer.ts';
import type { KeyIssuer } from '../key-issuer.ts';
import { openKong } from '../kong/open-kong.ts';
import { openOAuth } from '../oauth/open-oauth.ts';
import { tokensFolder } from '../oauth/tokens-folder.ts';
import { openUnkey } from '../unkey/open-unkey.ts';

const url = () => z.url({ protocol: /^https?$/ });
const timeoutMs = numeric()
  .int()
  .positive()
  .max(60_000)
  .default(10_000)
  .describe('for one call to the issuer');
const propagationMs = numeric()
  .int()
  .min(0)
  .max(86_400_000)
  .optional()
  .describe('how long gateways may go on accepting a stopped key; what the issuer is known for by default');

const aws = {
  region: z.string().regex(/^[a-z0-9-]{1,32}$/),
  accessKeyId: z.string().min(16).optional().describe('absent: what the SDK finds, such as a role'),
  secretAccessKey: z.string().min(1).optional(),
  endpoint: url().optional().describe('another place than AWS’s own, such as an endpoint of a VPC'),
  propagationMs,
  timeoutMs,
};

/** One issuer of keys. Secrets come from files by `…_FILE` variables, as everywhere. */
export const IssuerConfig = z.preprocess(
  (value) => (isRecord(value) && value.kind === undefined ? { ...value, kind: 'generic' } : value),
  z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('generic'), url: url(), token: z.string().min(1), timeoutMs }),
      z.strictObject({
        kind: z.literal('unkey'),
        rootKey: z.string().min(1),
        url: url().optional(),
        timeoutMs,
      }),
      z.strictObject({
        kind: z.literal('kong'),
        url: url(),
        token: z.string().min(1).optional().describe('for Kong-Admin-Token'),
        keysAre: z.enum(['credential', 'consumer']).default('credential'),
        propagationMs,
        timeoutMs,
      }),
      z.strictObject({ kind: z.literal('aws-iam'), ...aws }),
      z.strictObject({ kind: z.literal('aws-api-gateway'), ...aws }),
      z.strictObject({
        kind: z.literal('oauth'),
        revocationUrl: url(),
        introspectionUrl: url(),
        clientId: z.string().min(1),
        clientSecret: z.string().min(1),
        tokensFolder: z.string().min(1).describe('a file each, named by the key’s id'),
        tokenKind: z.enum(['access_token', 'refresh_token']).optional(),
        disableByRevoking: z
          .stringbool()
          .or(z.boolean())
          .default(false)
          .describe('let `disable` revoke the token, which cannot be undone'),
        propagationMs,
        timeoutMs,
      }),
    ])
    .refine((issuer) => !('accessKeyId' in issuer) || !issuer.accessKeyId === !issuer.secretAccessKey, {
      path: ['secretAccessKey'],
      message: 'accessKeyId and secretAccessKey go together',
    }),
);
export type IssuerConfig = z.infer<typeof IssuerConfig>;

/**
 * The adapter that a configuration asks for; it calls only where `outbound` lets it.
 * @throws {TypeError} when a URL cannot be the one of an issuer
 * @throws {AddressRefusedError} when one names an address that may not be called
 */
export function openIssuer(name: string, config: IssuerConfig, outbound: Outbound): KeyIssuer {
  for (const address of urlsOf(config)) outbound.check(address);
  const { fetch, lookup } = outbound;
  switch (config.kind) {
    case 'generic':
      return openGenericIssuer({ ...given(config), name, fetch });
    case 'unkey':
      return openUnkey({ ...given(config), name, fetch });
    case 'kong':
      return openKong({ ...given(config), name, fetch });
    case 'oauth':
      return openOAuth({ ...given(config), name, fetch, tokenOf: tokensFolder(config.tokensFolder) });
    case 'aws-iam':
    case 'aws-api-gateway': {
      const { accessKeyId, secretAccessKey, ...rest } = given(config);
      const credentials = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
      const options = { ...rest, name, lookup, ...(credentials && { credentials }) };
      return config.kind === 'aws-iam' ? openAwsIam(options) : openAwsApiGateway(options);
    }
  }
}

function urlsOf(config: IssuerConfig): string[] {
  const named = config as Partial<Record<'url' | 'endpoint' | 'revocationUrl' | 'introspectionUrl', string>>;
  const { url, endpoint, revocationUrl, introspectionUrl } = named;
  return [url, endpoint, revocationUrl, introspectionUrl].filter((one) => one !== undefined);
}

/** Without what is absent, and so may not be there as undefined. */
function given<T extends object>(config: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined)) as never;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
