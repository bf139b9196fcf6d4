import { numeric } from '@tripkey/service-kit';
import * as z from 'zod';

const token = () => z.string().min(16);

export const IssuerSandboxConfig = z.object({
  host: z.string().default('127.0.0.1'),
  port: numeric().int().min(0).max(65_535).default(9_200),
  adminToken: token().describe('may make and list keys'),
  issuerToken: token().describe('may read and stop keys; Tripkey has it'),
  keyCacheTtlMs: numeric()
    .int()
    .min(0)
    .max(3_600_000)
    .default(10_000)
    .describe('a stopped key works for so long'),
  trustForwardedFor: z
    .union([z.boolean(), z.stringbool()])
    .default(false)
    .describe('believe X-Forwarded-For; only behind a proxy that sets it'),
  state: z
    .object({ path: z.string().optional().describe('JSON file; without one keys end with the process') })
    .prefault({}),
  ingest: z
    .object({
      url: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8080'),
      token: z.string().min(1),
      gateway: z.string().min(1).max(128).default('sandbox-gateway'),
    })
    .prefault({ token: '' }) // which is refused, by its name
    .describe('where events go, and under which name'),
  log: z.object({ level: z.string().default('info') }).prefault({}),
});
export type IssuerSandboxConfig = z.infer<typeof IssuerSandboxConfig>;
