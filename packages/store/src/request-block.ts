import type { Column } from './native/column.ts';
import { type Block, encodeBlock } from './native/encode-block.ts';
import {
  AddressColumn,
  BigIntColumn,
  Float32Column,
  Float64Column,
  UInt8Column,
  UInt16Column,
  UInt32Column,
  WholeColumn,
} from './native/fixed-columns.ts';
import { MapColumn } from './native/map-column.ts';
import { TextColumn } from './native/text-column.ts';
import { WordColumn } from './native/word-column.ts';
import { type RequestRow, requestColumns } from './request-row.ts';

/**
 * Rows of `requests_raw_v1`, kept as columns: a row takes a quarter of the memory of an object, none of which the
 * garbage collector looks at, and is sent without being written as text.
 */
export class RequestBlock implements Block {
  readonly columns = requestColumns;
  #rows = 0;

  /**
   * The columns, for those who have the values of a row one by one instead of as an object: each column has to be
   * given one, then `added` is called.
   */
  readonly of = {
    ts: new WholeColumn("DateTime64(3, 'UTC')"),
    event_id: new TextColumn(),
    key_id: new TextColumn(),
    account_id: new TextColumn(),
    app_id: new TextColumn(),
    method: new WordColumn(),
    route: new WordColumn(),
    path: new TextColumn(),
    status: new UInt16Column(),
    outcome: new WordColumn(),
    client_ip: new AddressColumn(),
    network: new TextColumn(),
    asn: new UInt32Column(),
    country: new WordColumn(),
    user_agent: new TextColumn(),
    agent_family: new WordColumn(),
    bytes_in: new WholeColumn(),
    bytes_out: new WholeColumn(),
    latency_ms: new Float32Column(),
    cost: new Float64Column(),
    gateway: new WordColumn(),
    gateway_seq: new WholeColumn(),
    trace_id: new TextColumn(),
    tags: new MapColumn(),
    arrived_at: new WholeColumn("DateTime64(3, 'UTC')"),
    _topic: new WordColumn(),
    _partition: new UInt16Column(),
    _offset: new BigIntColumn(),
    _idx: new UInt32Column(),
    is_repeat: new UInt8Column(),
  } satisfies { [Name in keyof RequestRow]: Column<RequestRow[Name]> };

  static of(rows: Iterable<RequestRow>): RequestBlock {
    const block = new RequestBlock();
    for (const row of rows) block.push(row);
    return block;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Size of the rows, in memory and, about so, on their way. */
  get bytes(): number {
    const { event_id, key_id, account_id, app_id, path, network, user_agent, trace_id, tags } = this.of;
    const texts =
      event_id.bytes + key_id.bytes + account_id.bytes + app_id.bytes + path.bytes + network.bytes;
    return texts + user_agent.bytes + trace_id.bytes + tags.bytes + this.#rows * otherBytes;
  }

  /** Adds a row; the columns are written out because a loop over their names takes several times as long. */
  push(row: RequestRow): void {
    const of = this.of;
    of.ts.push(row.ts);
    of.event_id.push(row.event_id);
    of.key_id.push(row.key_id);
    of.account_id.push(row.account_id);
    of.app_id.push(row.app_id);
    of.method.push(row.method);
    of.route.push(row.route);
    of.path.push(row.path);
    of.status.push(row.status);
    of.outcome.push(row.outcome);
    of.client_ip.push(row.client_ip);
    of.network.push(row.network);
    of.asn.push(row.asn);
    of.country.push(row.country);
    of.user_agent.push(row.user_agent);
    of.agent_family.push(row.agent_family);
    of.bytes_in.push(row.bytes_in);
    of.bytes_out.push(row.bytes_out);
    of.latency_ms.push(row.latency_ms);
    of.cost.push(row.cost);
    of.gateway.push(row.gateway);
    of.gateway_seq.push(row.gateway_seq);
    of.trace_id.push(row.trace_id);
    of.tags.push(row.tags);
    of.arrived_at.push(row.arrived_at);
    of._topic.push(row._topic);
    of._partition.push(row._partition);
    of._offset.push(row._offset);
    of._idx.push(row._idx);
    of.is_repeat.push(row.is_repeat);
    this.#rows++;
  }

  /** Every column of `of` has been given the value of one more row. */
  added(): void {
    this.#rows++;
  }

  encode(): Uint8Array[] {
    return encodeBlock(requestColumns, this.#rows, this.of);
  }

  /** The rows as objects, for what is seldom: looking into a block costs what was saved by making it. */
  *[Symbol.iterator](): Generator<RequestRow> {
    const values = requestColumns.map((name) => [name, this.of[name].values()[Symbol.iterator]()] as const);
    for (let i = 0; i < this.#rows; i++) {
      yield Object.fromEntries(values.map(([name, of]) => [name, of.next().value])) as unknown as RequestRow;
    }
  }

  /** Rows, from 0, whose `is_repeat` has a value. */
  repeats(value: number): number[] {
    return this.of.is_repeat.rowsOf(value);
  }

  setRepeat(row: number, value: number): void {
    this.of.is_repeat.set(row, value);
  }
}

/** What a row takes in the columns of fixed size and in those of words. */
const otherBytes = 128;
