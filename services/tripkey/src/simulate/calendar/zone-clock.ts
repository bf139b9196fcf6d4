import { dayMs, hourMs } from './durations.ts';
import type { Zone } from './zones.ts';

/** Local time of a zone, summer time included. Offsets are looked up once an hour of the simulation and kept. */
export class ZoneClock {
  readonly zone: Zone;
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();
  readonly #holidays: ReadonlySet<string>;

  constructor(zone: Zone) {
    this.zone = zone;
    this.#holidays = new Set(zone.holidays);
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone.name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  }

  /** @param at epoch ms; returns the local wall clock as if it were UTC, epoch ms */
  local(at: number): number {
    const hour = Math.floor(at / hourMs);
    let offset = this.#offsets.get(hour);
    if (offset === undefined) {
      offset = this.#offsetAt(hour * hourMs);
      this.#offsets.set(hour, offset);
    }
    return at + offset;
  }

  /** The moment at which the wall clock shows `local` (as `local()` gives it); in the skipped hour, the hour after. */
  moment(local: number): number {
    const guess = local - (this.local(local) - local);
    return local - (this.local(guess) - guess);
  }

  /** Running number of the local day. */
  day(at: number): number {
    return Math.floor(this.local(at) / dayMs);
  }

  /** 0 is Monday's first hour, 167 Sunday's last. */
  hourOfWeek(at: number): number {
    const hours = Math.floor(this.local(at) / hourMs);
    // The epoch began on a Thursday.
    return (hours + 3 * 24) % 168;
  }

  isWeekend(at: number): boolean {
    return this.hourOfWeek(at) >= 5 * 24;
  }

  isHoliday(at: number): boolean {
    return this.#holidays.has(new Date(this.local(at)).toISOString().slice(5, 10));
  }

  #offsetAt(at: number): number {
    const part: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(at)) part[type] = Number(value);
    return Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!) - at;
  }
}
