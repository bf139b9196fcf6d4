/** What a message holds beyond this many elements is not worth taking apart; it becomes one dead letter. */
export const elementsPerMessageMax = 100_000;

/** Why a message, or one piece of it, could not be read as JSON. */
export type Unreadable = 'empty' | 'not_json' | 'too_many_elements';

/** Receives the elements of one message in order; `idx` counts both kinds, from 0, without gaps. */
export interface ElementVisitor {
  element(value: unknown, idx: number): void;
  unreadable(reason: Unreadable, text: string, idx: number): void;
}

/**
 * Takes a message apart: one JSON value, a JSON array of them, or one a line (NDJSON). Gateways that batch send
 * either. A broken line of NDJSON costs that line only; text of which no line is JSON is one unreadable element.
 * Never throws.
 * @returns how many elements were visited, at least one.
 */
export function visitElements(message: Uint8Array | string, visitor: ElementVisitor): number {
  const text = typeof message === 'string' ? message : decode(message);
  const whole = parseJson(text);
  if (Array.isArray(whole) && whole.length > 0) return visitArray(whole, text, visitor);
  if (whole !== notJson) {
    visitor.element(whole, 0);
    return 1;
  }
  return visitLines(text, visitor);
}

function visitArray(elements: readonly unknown[], text: string, visitor: ElementVisitor): number {
  if (elements.length > elementsPerMessageMax) return visitWhole('too_many_elements', text, visitor);
  for (let idx = 0; idx < elements.length; idx++) visitor.element(elements[idx], idx);
  return elements.length;
}

function visitLines(text: string, visitor: ElementVisitor): number {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) return visitWhole('empty', text, visitor);
  if (lines.length > elementsPerMessageMax) return visitWhole('too_many_elements', text, visitor);
  const values = lines.map(parseJson);
  if (values.every((value) => value === notJson)) return visitWhole('not_json', text, visitor);
  values.forEach((value, idx) => {
    if (value === notJson) visitor.unreadable('not_json', lines[idx]!, idx);
    else visitor.element(value, idx);
  });
  return values.length;
}

function visitWhole(reason: Unreadable, text: string, visitor: ElementVisitor): number {
  visitor.unreadable(reason, text, 0);
  return 1;
}

const notJson = Symbol('not JSON');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return notJson;
  }
}

function decode(message: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = message;
  return (Buffer.isBuffer(message) ? message : Buffer.from(buffer, byteOffset, byteLength)).toString('utf8');
}
