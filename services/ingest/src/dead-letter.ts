import { RequestEvent } from '@tripkey/contract';
import { cutBetweenTokens } from './cut-between-tokens.ts';
import type { LeakListener, SecretFirewall } from './firewall/secret-firewall.ts';
import type { Arrival } from './position.ts';
import { pathOnly } from './template-path.ts';
import type { Rejection } from './validate.ts';

/** An element that could not be used: a row of `dead_letters_v1` and the message on the dead-letter topic. */
export interface DeadLetter {
  /** When it was rejected, epoch ms. */
  readonly at: number;
  readonly reason: string;
  readonly detail: string;
  /** The element with secrets taken out; text that is not JSON is cut. */
  readonly original: string;
  readonly _topic: string;
  readonly _partition: number;
  readonly _offset: string;
  readonly _idx: number;
}

/** Record key on the dead-letter topic: one that is sent twice can be recognised. */
export function deadLetterKey(letter: DeadLetter): string {
  return `${letter._topic}/${letter._partition}/${letter._offset}/${letter._idx}`;
}

/** Makes a dead letter with as much of the original as is safe to keep. */
export function deadLetter(original: string, rejection: Rejection, arrival: Arrival): DeadLetter {
  return {
    at: arrival.arrivedAtMs,
    reason: rejection.reason,
    detail: rejection.detail,
    original: original.toWellFormed(),
    _topic: arrival.position.topic,
    _partition: arrival.position.partition,
    _offset: String(arrival.position.offset),
    _idx: arrival.idx,
  };
}

const eventFields = Object.keys(RequestEvent.shape);
const textMax = 2_048;
const keyIdMax = 256;
const tagsMax = 32;

/**
 * What may be kept of an element that is JSON: JSON text with the fields of the contract, through the firewall.
 * @param fields what else an element holds stays out
 */
export function redactElement(
  element: unknown,
  firewall: SecretFirewall,
  onLeak: LeakListener,
  fields: readonly string[] = eventFields,
): string {
  if (!isRecord(element)) {
    const text = Array.isArray(element) ? '(array)' : String(element);
    return redactText(text, firewall, onLeak);
  }
  const kept: Record<string, unknown> = {};
  for (const field of fields) {
    const value = element[field];
    if (value === undefined) continue;
    if (field === 'tags' && isRecord(value)) kept[field] = redactTags(value, firewall, onLeak);
    else kept[field] = redactValue(field, value, firewall, onLeak);
  }
  return JSON.stringify(kept);
}

function redactTags(tags: Record<string, unknown>, firewall: SecretFirewall, onLeak: LeakListener): object {
  const entries = Object.entries(tags).slice(0, tagsMax);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      firewall.text('tags', cutBetweenTokens(name, textMax), onLeak),
      redactValue('tags', value, firewall, onLeak),
    ]),
  );
}

function redactValue(
  field: string,
  value: unknown,
  firewall: SecretFirewall,
  onLeak: LeakListener,
): string | number | boolean | null {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'string') return Array.isArray(value) ? '(array)' : '(object)';
  if (field === 'key_id') {
    return value.length > keyIdMax ? '(too long)' : firewall.keyId(value, false, onLeak);
  }
  const text = field === 'path' || field === 'route' ? pathOnly(value) : value;
  return firewall.text(field, cutBetweenTokens(text, textMax), onLeak);
}

/**
 * What may be kept of text that is not JSON. Nothing in it says which word is a name and which a secret, so every
 * long word with a digit goes.
 */
export function redactText(text: string, firewall: SecretFirewall, onLeak: LeakListener): string {
  const known = firewall.text('text', cutBetweenTokens(text, textMax), onLeak);
  return known.replace(/(?<![\w~])(?=[\w+/=.-]*\d)[\w+/=.-]{16,}/g, (word) => `(${word.length} characters)`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
