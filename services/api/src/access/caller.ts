import type { Role, Scope } from '@tripkey/contract/api';

/** Who calls. */
export interface Caller {
  readonly kind: 'person' | 'token';
  /** As it stands in the audit log: `token:…`, `oidc:…`, `proxy:…` or `local:…`. */
  readonly id: string;
  /** The name that people know them by. */
  readonly name: string;
  /** Null for tokens. */
  readonly role: Role | null;
  readonly scopes: ReadonlySet<Scope>;
  /** What has to come back with everything that changes something; null where no cookie signs in. */
  readonly csrf: string | null;
  /** Epoch ms. */
  readonly expiresAt: number | null;
}
