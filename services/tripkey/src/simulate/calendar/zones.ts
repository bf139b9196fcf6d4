/** Where customers are: their clock, and the days of the year on which their offices are closed (month-day). */
export interface Zone {
  readonly name: string;
  readonly country: string;
  /** How many of the customers live there, relative. */
  readonly weight: number;
  readonly holidays: readonly string[];
}

export const zones: readonly Zone[] = [
  {
    name: 'Europe/Berlin',
    country: 'DE',
    weight: 5,
    holidays: ['01-01', '05-01', '10-03', '12-25', '12-26'],
  },
  {
    name: 'America/New_York',
    country: 'US',
    weight: 5,
    holidays: ['01-01', '06-19', '07-04', '11-11', '12-25'],
  },
  { name: 'Europe/London', country: 'GB', weight: 3, holidays: ['01-01', '12-25', '12-26'] },
  { name: 'Europe/Paris', country: 'FR', weight: 2, holidays: ['01-01', '05-01', '05-08', '07-14', '12-25'] },
  { name: 'America/Los_Angeles', country: 'US', weight: 2, holidays: ['01-01', '07-04', '11-11', '12-25'] },
  { name: 'Asia/Kolkata', country: 'IN', weight: 1, holidays: ['01-26', '08-15', '10-02'] },
  {
    name: 'Australia/Sydney',
    country: 'AU',
    weight: 1,
    holidays: ['01-01', '01-26', '04-25', '12-25', '12-26'],
  },
  {
    name: 'America/Sao_Paulo',
    country: 'BR',
    weight: 1,
    holidays: ['01-01', '04-21', '05-01', '09-07', '12-25'],
  },
];
