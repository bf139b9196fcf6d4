import { Collection } from './collection.ts';

/** The lead business of the demo. Everything in it is made up, and the same after every start. */
export interface SampleData {
  readonly leads: Collection;
  readonly contacts: Collection;
  readonly deals: Collection;
  readonly campaigns: Collection;
  readonly workflows: Collection;
  readonly exports: Collection;
}

const givenNames = [
  'Ada',
  'Bruno',
  'Chidi',
  'Dana',
  'Emre',
  'Freya',
  'Goran',
  'Hana',
  'Ines',
  'Jonas',
  'Kavya',
];
const familyNames = ['Abara', 'Berg', 'Costa', 'Duval', 'Eriksen', 'Farkas', 'Grant', 'Horvat', 'Ito'];
const companies = [
  'Harbour Solar',
  'Kite Dental',
  'Maple Movers',
  'North Gym',
  'Oak Kitchens',
  'Pine Insurance',
];
const sources = ['website form', 'trade fair', 'newsletter', 'partner', 'phone'];
const stages = ['new', 'contacted', 'qualified', 'won', 'lost'];
const triggers = ['lead created', 'deal won', 'form submitted'];

const firstDay = Date.UTC(2026, 0, 1);
const hourMs = 3_600_000;

export function sampleData(): SampleData {
  return {
    leads: new Collection(
      1_000,
      made(5_000, (n) => ({
        ...person(n),
        company: pick(companies, n),
        source: pick(sources, n),
        status: pick(stages, n),
      })),
    ),
    contacts: new Collection(
      1_000,
      made(3_000, (n) => ({ ...person(n * 3), phone: `+1-555-01${String(n % 100).padStart(2, '0')}` })),
    ),
    deals: new Collection(
      1_000,
      made(800, (n) => ({
        lead_id: 1_000 + n * 6,
        title: `${pick(companies, n)} contract`,
        amount: 500 + (n % 40) * 250,
        stage: pick(stages, n),
      })),
    ),
    campaigns: new Collection(
      1,
      made(24, (n) => ({
        name: `Campaign ${n + 1}`,
        audience: 200 + n * 35,
        status: pick(['draft', 'running', 'finished'], n),
      })),
    ),
    workflows: new Collection(
      1,
      made(12, (n) => ({ name: `Workflow ${n + 1}`, trigger: pick(triggers, n), runs: 0 })),
    ),
    exports: new Collection(1, []),
  };
}

function person(n: number) {
  const given = pick(givenNames, n);
  const family = pick(familyNames, n);
  return {
    name: `${given} ${family}`,
    email: `${given}.${family}.${n}@mail.example`.toLowerCase(),
    created_at: new Date(firstDay + n * hourMs).toISOString(),
  };
}

function pick<T>(list: readonly T[], n: number): T {
  return list[n % list.length]!;
}

function* made<T>(count: number, make: (n: number) => T): Generator<T> {
  for (let n = 0; n < count; n++) yield make(n);
}
