import type { Random } from '../random/random.ts';

/** Who makes the requests: people at work, people at home, machines, machines while people sleep. */
export type Rhythm = 'office' | 'consumer' | 'machine' | 'night';

const hoursPerWeek = 168;

interface Curve {
  /** A weekday's hour (0 to 24, fractions allowed) to how busy it is, any unit. */
  readonly weekday: (hour: number) => number;
  readonly weekend: number;
  /** What is left at the quietest time, as a share of the peak. */
  readonly floor: number;
}

const curves: Record<Rhythm, Curve> = {
  office: {
    weekday: (hour) => bump(hour, 10.3, 1.9) + 0.95 * bump(hour, 14.8, 2) - 0.25 * bump(hour, 12.6, 0.6),
    weekend: 0.06,
    floor: 0.01,
  },
  consumer: {
    weekday: (hour) => 0.8 * bump(hour, 12.5, 3.2) + bump(hour, 20, 2.2),
    weekend: 0.8,
    floor: 0.08,
  },
  machine: { weekday: (hour) => 1 + 0.1 * bump(hour, 13, 4), weekend: 0.95, floor: 0.9 },
  night: { weekday: (hour) => bump(hour, 2.5, 1.6), weekend: 0.85, floor: 0.02 },
};

/**
 * How busy each local hour of the week is, Monday first, mean 1. No two keys get quite the same: the working day
 * starts earlier or later, the weekend is quieter or not, single hours differ.
 */
export function weeklyShape(rhythm: Rhythm, random: Random): Float64Array {
  const curve = curves[rhythm];
  const shift = random.between(-1.2, 1.2);
  const weekend = curve.weekend * random.lognormal(1, 0.3);
  const shape = new Float64Array(hoursPerWeek);
  let sum = 0;
  for (let hour = 0; hour < hoursPerWeek; hour++) {
    const level = curve.weekday((hour % 24) + 0.5 - shift) * (hour >= 5 * 24 ? weekend : 1);
    const value = Math.max(0, level) * random.lognormal(1, 0.08) + curve.floor;
    shape[hour] = value;
    sum += value;
  }
  return shape.map((value) => (value * hoursPerWeek) / sum);
}

/** A bell over the hours of a day, without an edge at midnight. */
function bump(hour: number, centre: number, width: number): number {
  let distance = Math.abs(hour - centre) % 24;
  if (distance > 12) distance = 24 - distance;
  return Math.exp(-0.5 * (distance / width) ** 2);
}
