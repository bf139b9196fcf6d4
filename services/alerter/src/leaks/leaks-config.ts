import * as z from 'zod';

/** Which leak feeds may report, and how they prove who they are. */
export const LeaksConfig = z
  .object({
    github: z
      .object({
        enabled: z
          .stringbool()
          .or(z.boolean())
          .default(false)
          .describe('take reports of GitHub’s secret scanning'),
        keysUrl: z
          .url({ protocol: /^https?$/ })
          .default('https://api.github.com/meta/public_keys/secret_scanning')
          .describe('where GitHub publishes the keys that it signs with'),
        token: z
          .string()
          .min(1)
          .optional()
          .describe('of GitHub, without scopes, for a higher rate limit there'),
        publicKeys: z
          .record(z.string().max(128), z.string().max(8_192))
          .default({})
          .describe('PEM by key identifier, taken besides those that are published'),
      })
      .prefault({}),
    gitguardian: z
      .object({
        signatureToken: z.string().min(16).optional().describe('of the custom webhook; absent: not taken'),
      })
      .prefault({}),
    trufflehog: z
      .object({
        token: z.string().min(16).optional().describe('that senders carry as Bearer; absent: not taken'),
      })
      .prefault({}),
  })
  .prefault({});
export type LeaksConfig = z.infer<typeof LeaksConfig>;

/** Whether any feed may report. */
export function takesLeaks({ github, gitguardian, trufflehog }: LeaksConfig): boolean {
  return github.enabled || gitguardian.signatureToken !== undefined || trufflehog.token !== undefined;
}
