import { readFileSync } from 'node:fs';
import { type VerifiedCase, verifyIssuer } from '@tripkey/issuers/generic';
import { createOutbound, OutboundConfig } from '@tripkey/service-kit';
import { Command } from 'commander';
import { UsageError } from '../usage-error.ts';

interface Options {
  key: string;
  tokenFile?: string;
  timeout?: string;
  allowNetwork?: string;
  json?: boolean;
}

/** `tripkey issuer verify`: whether an issuer keeps the generic contract. */
export function issuerCommand(): Command {
  const issuer = new Command('issuer').description('issuers of keys');
  issuer
    .command('verify')
    .description('try every promise of the generic contract on one key that nobody needs')
    .argument('<url>', 'where the contract’s /v1 is, such as https://keys.example.com')
    .requiredOption(
      '--key <id>',
      'active key: it is disabled and enabled again, or revoked where that is all there is',
    )
    .option('--token-file <file>', 'file with the bearer token; without it TRIPKEY_ISSUER_TOKEN is read')
    .option('--timeout <ms>', 'for one call', '10000')
    .option('--allow-network <networks>', 'networks that are not public, such as 127.0.0.0/8,10.20.0.0/16')
    .option('--json', 'print the cases as JSON')
    .addHelpText(
      'after',
      `
The contract is packages/issuers/openapi/key-issuer.v1.yaml. Exit code 1 when a promise is not kept. Do not use a key
that somebody works with: it is stopped for a moment, and for ever when the trial is broken off or the issuer only revokes.`,
    )
    .action(async (url: string, options: Options) => {
      const timeoutMs = Number(options.timeout);
      if (!Number.isInteger(timeoutMs) || timeoutMs <= 0) throw new UsageError('--timeout is a number of ms');
      const cases = await verify(url, { ...options, timeoutMs, token: tokenOf(options) });
      const kept = cases.every(({ ok }) => ok);
      process.stdout.write(options.json ? `${JSON.stringify({ url, kept, cases })}\n` : inWords(cases));
      if (!kept) process.exitCode = 1;
    });
  return issuer;
}

async function verify(
  url: string,
  { key, token, timeoutMs, allowNetwork = '' }: Options & { token: string; timeoutMs: number },
): Promise<readonly VerifiedCase[]> {
  const settings = OutboundConfig.safeParse({ allowedNetworks: allowNetwork === '' ? [] : allowNetwork });
  if (!settings.success) throw new UsageError('--allow-network takes networks such as 10.20.0.0/16');
  const { fetch } = createOutbound(settings.data);
  try {
    return await verifyIssuer({ url, token, keyId: key, timeoutMs, fetch });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

function tokenOf({ tokenFile }: Options): string {
  const token = tokenFile === undefined ? process.env.TRIPKEY_ISSUER_TOKEN : readToken(tokenFile);
  if (!token) throw new UsageError('give the token by --token-file or TRIPKEY_ISSUER_TOKEN');
  return token;
}

function readToken(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw new UsageError(`--token-file: ${path} cannot be read`);
  }
}

function inWords(cases: readonly VerifiedCase[]): string {
  const lines = cases.map(
    ({ case: promise, ok, detail }) => `${ok ? 'kept  ' : 'BROKEN'}  ${promise}: ${detail}`,
  );
  const broken = cases.filter(({ ok }) => !ok).length;
  const verdict =
    broken === 0
      ? `The issuer keeps the contract: ${cases.length} promises tried.`
      : `The issuer does NOT keep the contract: ${broken} of ${cases.length} promises are broken.`;
  const hint = cases.some(({ detail }) => detail.includes('address_refused'))
    ? ['Its address is not public, so it was not called: name its network by --allow-network.']
    : [];
  return `${[...lines, verdict, ...hint].join('\n')}\n`;
}
