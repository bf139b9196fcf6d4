import { Problem } from '../http/problem.ts';

export interface Item {
  readonly id: number;
  readonly [field: string]: unknown;
}

export interface Page {
  readonly items: readonly Item[];
  /** Goes into `cursor` of the next question; null at the end. */
  readonly next_cursor: string | null;
}

const itemsMax = 50_000;
const pageItemsMax = 200;
const pageItems = 50;

/** Things of one kind under running numbers, in memory. */
export class Collection {
  readonly #items = new Map<number, Item>();
  #nextId: number;

  /** @param idFrom number of the first item */
  constructor(idFrom: number, items: Iterable<Readonly<Record<string, unknown>>>) {
    this.#nextId = idFrom;
    for (const fields of items) this.add(fields);
  }

  /** @throws {Problem} 400 when limit or cursor is none of ours */
  page(query: { readonly limit?: unknown; readonly cursor?: unknown }): Page {
    const limit = numberIn(query.limit, 'limit', pageItems);
    const after = numberIn(query.cursor, 'cursor', 0);
    if (limit < 1 || limit > pageItemsMax) {
      throw new Problem(400, 'invalid_request', `limit is between 1 and ${pageItemsMax}`);
    }
    const items: Item[] = [];
    for (const item of this.#items.values()) {
      if (item.id <= after) continue;
      if (items.length === limit) return { items, next_cursor: String(items.at(-1)?.id) };
      items.push(item);
    }
    return { items, next_cursor: null };
  }

  all(): Iterable<Item> {
    return this.#items.values();
  }

  get size(): number {
    return this.#items.size;
  }

  /** @throws {Problem} 404 */
  get(id: string): Item {
    const item = /^\d{1,15}$/.test(id) ? this.#items.get(Number(id)) : undefined;
    if (!item) throw new Problem(404, 'not_found', 'there is nothing under this id');
    return item;
  }

  /** @throws {Problem} 507 when there are too many for the memory of a sandbox */
  add(fields: Readonly<Record<string, unknown>>): Item {
    if (this.#items.size >= itemsMax) {
      throw new Problem(507, 'full', `this sandbox keeps ${itemsMax} of a kind; delete some`);
    }
    const item = { ...fields, id: this.#nextId++ };
    this.#items.set(item.id, item);
    return item;
  }

  /** @throws {Problem} 404 */
  change(id: string, fields: Readonly<Record<string, unknown>>): Item {
    const item = { ...this.get(id), ...fields };
    this.#items.set(item.id, item);
    return item;
  }

  /** @throws {Problem} 404 */
  delete(id: string): void {
    this.#items.delete(this.get(id).id);
  }
}

function numberIn(value: unknown, name: string, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  throw new Problem(400, 'invalid_request', `${name} is a whole number`);
}
