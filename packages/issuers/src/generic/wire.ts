import * as z from 'zod';
import { keyActions } from '../key-issuer.ts';

/**
 * The generic key-issuer contract, version 1, as `openapi/key-issuer.v1.yaml` publishes it. What an issuer sends may
 * have more fields, which are ignored; what it is sent may not.
 */
const text = (lengthMax: number) => z.string().max(lengthMax);

export const WireAction = z.enum(keyActions);

/** What an issuer can say about a key that it knows; `unknown` when it cannot tell at the moment. */
export const WireStatus = z.enum(['active', 'disabled', 'revoked', 'expiring', 'unknown']);

export const WireCapabilities = z.object({
  actions: z.array(WireAction),
  propagation_ms: z.int().min(0).max(86_400_000),
  reach: z.enum(['key', 'consumer']).default('key'),
  undo: z
    .array(z.object({ action: z.enum(['disable', 'revoke']), within_ms: z.int().positive().nullish() }))
    .default([]),
});
export type WireCapabilities = z.infer<typeof WireCapabilities>;

export const WireKey = z.object({
  key_id: text(256),
  status: WireStatus,
  version: text(256).min(1).optional(),
  protected: z.boolean().optional(),
  updated_at: z.iso.datetime({ offset: true }).optional(),
});
export type WireKey = z.infer<typeof WireKey>;

export const WireCommand = z.strictObject({
  action: WireAction,
  reason: text(2_000).min(1),
  actor: z.strictObject({
    type: z.enum(['user', 'policy']),
    id: text(256).min(1),
    approved_by: z.array(text(256)).max(16).default([]),
  }),
  incident_id: text(128).min(1),
  grace_ms: z.int().min(0).max(2_592_000_000).optional(),
  if_version: text(256).min(1).optional(),
});
export type WireCommand = z.infer<typeof WireCommand>;

/** Length and alphabet of the header `Idempotency-Key`. */
export const OperationId = z.string().regex(/^[\x21-\x7e]{16,255}$/);

export const WireResult = z.object({
  operation_id: text(255),
  key_id: text(256),
  action: WireAction,
  result: z.enum(['done', 'noop', 'pending']),
  status: WireStatus,
  poll_after_ms: z.int().min(0).max(3_600_000).optional(),
  replacement_key_id: text(256).min(1).optional(),
});
export type WireResult = z.infer<typeof WireResult>;

/** Every problem code of the contract, with the HTTP status that it comes with. */
export const problemStatuses = {
  invalid_request: 422,
  unauthorized: 401,
  key_not_found: 404,
  unsupported_action: 422,
  protected_key: 409,
  version_conflict: 409,
  idempotency_conflict: 409,
  rate_limited: 429,
  unavailable: 503,
} as const;
export type ProblemCode = keyof typeof problemStatuses;

const problemCodes = Object.keys(problemStatuses) as [ProblemCode, ...ProblemCode[]];

/** RFC 9457 with a `code`; a code under another status than its own is no answer that can be relied on. */
export const WireProblem = z
  .object({
    type: text(2_048).default('about:blank'),
    title: text(1_024),
    status: z.int(),
    code: z.enum(problemCodes),
    detail: text(4_096).optional(),
  })
  .refine(({ status, code }) => status === problemStatuses[code]);
export type WireProblem = z.infer<typeof WireProblem>;
