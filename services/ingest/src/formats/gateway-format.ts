import type { RequestEvent } from '@tripkey/contract';

/** A JSON object as somebody sent it; nothing about it is known. */
export type Fields = Readonly<Record<string, unknown>>;

/** Headers of the record that an element came in; names in small letters. */
export type RecordHeaders = Readonly<Record<string, string>>;

/** The fields of an event as a gateway gave them. Not checked yet: that is the contract's business. */
export type EventDraft = { [Field in keyof RequestEvent]?: unknown };

/** What to do about secrets in places where only the format knows that there are some. */
export interface SecretsOfFormat {
  /**
   * The id that stands for a raw key: the key's own when the registry knows it as an id, else a keyed hash.
   * @param hashed the gateway has hashed it already, so that nothing has leaked
   */
  keyId(rawKey: string, hashed?: boolean): string;
  /** A secret stands in a field that is not taken. */
  seen(field: string): void;
}

/**
 * How one kind of gateway writes a request down. A mapper takes fields that it lists and leaves everything else
 * behind: header maps, bodies and whatever an operator adds never reach an event. What a field holds may be anything.
 */
export interface GatewayFormat {
  /** Whether an element was written by such a gateway; told by fields that no other has. */
  recognises(element: Fields): boolean;
  /** Never throws. What is missing or odd is left to the check that follows. */
  read(element: Fields, secrets: SecretsOfFormat): EventDraft;
}

/** Key id of requests that came without a key; the emitter says the same. */
export const unknownKeyId = 'unknown';
