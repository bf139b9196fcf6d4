import { describeIncidentLog } from './describe-incident-log.ts';
import { InMemoryIncidentLog } from './in-memory-incident-log.ts';

describeIncidentLog('the incident log in memory', async () => ({
  log: new InMemoryIncidentLog(),
  close: async () => {},
}));
