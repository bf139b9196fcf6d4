/** What ingest adds to an event of a known key. */
export interface KnownKey {
  readonly accountId: string;
  readonly appId: string;
}

/** Public ids of the keys that issuers have told of. */
export interface KeyRegistry {
  find(keyId: string): KnownKey | undefined;
}

/** Knows no key; events keep the account and application they came with. */
export const emptyRegistry: KeyRegistry = { find: () => undefined };
