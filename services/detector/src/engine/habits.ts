import type { HabitFacts, Traffic } from '@tripkey/rules';
import { DailyTrend, type DailyTrendJson } from './daily-trend.ts';
import { Drift, type DriftJson } from './drift.ts';
import type { FleetFactor } from './fleet-factor.ts';
import { HourlyCount, type HourlyCountJson } from './hourly-count.ts';
import { monthNumberOf } from './month-number.ts';
import { MonthTurn, type MonthTurnJson } from './month-turn.ts';
import { Places, type PlacesJson } from './places.ts';
import { QuietHours, type QuietHoursJson } from './quiet-hours.ts';
import type { RecentMinutes } from './recent-minutes.ts';
import type { SeasonalRate } from './seasonal-rate.ts';

const hourMs = 3_600_000;

/** What a key is used to besides its amounts and values: when it rests, where it is used from, how its days go. */
export class Habits {
  endpoints = new HourlyCount();
  networks = new HourlyCount();
  places = new Places();
  quietHours = new QuietHours();
  /** The mirror of a drift: how far windows lie below expectation. */
  decline = new Drift();
  trend = new DailyTrend();
  /** Last event minute in which a request was let through, epoch ms; 0 never. */
  lastAcceptedAt = 0;
  monthTurn = new MonthTurn();
  /** The calendar month of its newest request (UTC), counted from 1970, and the requests in it. */
  month = { number: 0, requests: 0 };

  /** Takes in traffic of an event minute. */
  take(minute: number, { requests, accepted }: Readonly<Traffic>): void {
    if (accepted > 0) this.lastAcceptedAt = Math.max(this.lastAcceptedAt, minute);
    const number = monthNumberOf(minute);
    if (number > this.month.number) this.month = { number, requests: 0 };
    if (number === this.month.number) this.month.requests += requests;
  }

  /** Begins the hour of an arrival; says whether the hour before showed the key at two distant places. */
  enterHour(at: number, flaggedUntil: number): boolean | null {
    this.endpoints.enter(at, flaggedUntil);
    this.networks.enter(at, flaggedUntil);
    return this.places.enter(at, flaggedUntil);
  }

  /** Takes in a closed window: what came, and what was expected before anything that the fleet shares. */
  takeWindow(from: number, requests: number, rate: SeasonalRate, expected: number, fleet: FleetFactor): void {
    const left = expected * fleet.fallOf(from);
    this.decline.take(2 * left - requests, left, rate.shape);
  }

  /** Takes in a closed hour; `flagged` ones teach nothing of rest. */
  takeHour(
    from: number,
    requests: number,
    rate: SeasonalRate,
    fleet: FleetFactor,
    at: number,
    flagged: boolean,
  ): void {
    this.trend.takeHour(from, requests, fleet.trend, at);
    if (flagged || !QuietHours.isQuiet(rate.expected(from, from + hourMs), rate.average)) return;
    this.quietHours.learn(requests);
  }

  toJSON(): HabitsJson {
    return {
      endpoints: this.endpoints.toJSON(),
      networks: this.networks.toJSON(),
      places: this.places.toJSON(),
      quietHours: this.quietHours.toJSON(),
      decline: this.decline.toJSON(),
      trend: this.trend.toJSON(),
      lastAcceptedAt: this.lastAcceptedAt,
      monthTurn: this.monthTurn.toJSON(),
      month: [this.month.number, this.month.requests],
    };
  }

  static fromJSON(json: HabitsJson): Habits {
    const habits = new Habits();
    habits.endpoints = HourlyCount.fromJSON(json.endpoints);
    habits.networks = HourlyCount.fromJSON(json.networks);
    habits.places = Places.fromJSON(json.places);
    habits.quietHours = QuietHours.fromJSON(json.quietHours);
    habits.decline = Drift.fromJSON(json.decline);
    habits.trend = DailyTrend.fromJSON(json.trend);
    habits.lastAcceptedAt = json.lastAcceptedAt ?? 0;
    if (json.monthTurn) habits.monthTurn = MonthTurn.fromJSON(json.monthTurn);
    if (json.month) habits.month = { number: json.month[0], requests: json.month[1] };
    return habits;
  }
}

export interface HabitsJson {
  endpoints: HourlyCountJson;
  networks: HourlyCountJson;
  places: PlacesJson;
  quietHours: QuietHoursJson;
  decline: DriftJson;
  trend: DailyTrendJson;
  /** These are absent in profiles of earlier releases. */
  lastAcceptedAt?: number;
  monthTurn?: MonthTurnJson;
  month?: [number: number, requests: number];
}

/** What rules see of habits at the end of a window. @param surpriseOfPlaces see `PeerPlaces.surprise` */
export function habitFacts(
  habits: Habits,
  rate: SeasonalRate,
  recent: RecentMinutes,
  windowTo: number,
  surpriseOfPlaces: (places: Places) => number,
  shared: Pick<HabitFacts, 'birth' | 'kin' | 'fleetErrorShare'>,
): HabitFacts {
  const { endpoints, networks, places, decline, trend } = habits;
  const { closedAt, requests, usual } = trend.last;
  return {
    breadth: { endpoints: countFacts(endpoints), networks: countFacts(networks) },
    quietHour: quietHourFacts(habits, rate, recent, windowTo),
    decline: { sum: decline.sum, peak: decline.peak, windows: decline.windows },
    trend: { sum: trend.sum, peak: trend.peak, days: trend.days, closedAt, requests, usual },
    places: placesFacts(places, surpriseOfPlaces),
    month: { requests: habits.month.requests },
    birth: shared.birth,
    kin: shared.kin,
    fleetErrorShare: shared.fleetErrorShare,
  };
}

function countFacts({ count, past }: HourlyCount) {
  const { windows, peak, logMean, logDeviation } = past;
  return { observed: count, windows, peak, logMean, logDeviation };
}

function quietHourFacts(
  { quietHours }: Habits,
  rate: SeasonalRate,
  recent: RecentMinutes,
  windowTo: number,
): HabitFacts['quietHour'] {
  const from = windowTo - hourMs;
  const expected = rate.expected(from, windowTo);
  if (!QuietHours.isQuiet(expected, rate.average)) return null;
  const { hours, used, peak } = quietHours;
  return { observed: recent.requests(from, windowTo), expected, hours, used, peak };
}

function placesFacts(places: Places, surpriseOf: (places: Places) => number): HabitFacts['places'] {
  const distant = places.distant;
  if (!distant) return null;
  const [one, other] = distant;
  return {
    surprise: surpriseOf(places),
    hours: places.past.hours,
    countries: [one.country, other.country],
    providers: [one.provider, other.provider],
    requests: [one.requests, other.requests],
  };
}
