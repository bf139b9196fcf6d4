import { encodeAddress, encodeText, type RequestBlock, Word } from '@tripkey/store';
import type { Enricher } from '../enrich/enricher.ts';
import { ByteTable, notKnown } from './byte-table.ts';
import { textOf } from './known-texts.ts';

/** Addresses that are remembered. */
const originsMax = 2 ** 17;
/**
 * Bytes of what is known about an address: the address, its autonomous system, the number of its country, and its
 * network as a column takes it (an IPv6 one has 20 bytes at most). In one place, as waiting for memory costs most.
 */
const recordSize = 64;
const asnAt = 16;
const countryAt = 20;
const networkAt = 24;

/** What is known about client addresses that lie in messages, as the columns of a block take it. */
export class KnownOrigins {
  readonly #enrich: Enricher;
  readonly #table = new ByteTable(originsMax);
  readonly #countries: Word[] = [];
  readonly #countryNumbers = new Map<string, number>();
  #records = new Uint8Array(1_024 * recordSize);
  #view = new DataView(this.#records.buffer);
  #used = 0;
  #edition: number;

  constructor(enrich: Enricher) {
    this.#enrich = enrich;
    this.#edition = enrich.edition;
    // Record 0 stands for events without an address.
    this.#add('::', '', 0, '');
  }

  /** Number of the record for an address; -1 for a text that is none. 0 without one. */
  find(message: Uint8Array, from: number, to: number): number {
    if (to === from) return 0;
    if (this.#edition !== this.#enrich.edition) this.#forget();
    const known = this.#table.get(message, from, to);
    // A text that is no address is not remembered: that has to be counted each time.
    return known === notKnown ? this.#learn(message, from, to) : known;
  }

  /** Gives the columns of a block what a record says. */
  push(record: number, { client_ip, network, asn, country }: RequestBlock['of']): void {
    const at = record * recordSize;
    const records = this.#records;
    client_ip.pushEncoded(records, at);
    asn.push(this.#view.getUint32(at + asnAt, true));
    country.pushWord(this.#countries[this.#view.getUint32(at + countryAt, true)]!);
    // The first byte is the length of the text.
    network.pushEncoded(records, at + networkAt, at + networkAt + 1 + records[at + networkAt]!);
  }

  #learn(message: Uint8Array, from: number, to: number): number {
    const { address, network, asn, country } = this.#enrich.origin(textOf(message, from, to));
    if (network === '') return -1;
    if (this.#table.isFull) this.#forget();
    const record = this.#add(address, network, asn, country);
    this.#table.set(message, from, to, record);
    return record;
  }

  #add(address: string, network: string, asn: number, country: string): number {
    const record = this.#used++;
    const at = record * recordSize;
    if (at + recordSize > this.#records.length) {
      const larger = new Uint8Array(this.#records.length * 2);
      larger.set(this.#records);
      this.#records = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.#records.set(encodeAddress(address), at);
    this.#view.setUint32(at + asnAt, asn, true);
    this.#view.setUint32(at + countryAt, this.#countryNumber(country), true);
    this.#records.set(encodeText(network), at + networkAt);
    return record;
  }

  #countryNumber(country: string): number {
    let number = this.#countryNumbers.get(country);
    if (number === undefined) {
      number = this.#countries.push(new Word(country)) - 1;
      this.#countryNumbers.set(country, number);
    }
    return number;
  }

  /** The IP database is another one now, or there is no room: all but record 0 is found anew. */
  #forget(): void {
    this.#edition = this.#enrich.edition;
    this.#table.clear();
    this.#used = 1;
  }
}
