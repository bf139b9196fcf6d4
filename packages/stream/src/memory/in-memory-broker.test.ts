import { describeBroker } from '../testing/describe-broker.ts';
import { InMemoryBroker } from './in-memory-broker.ts';

describeBroker('in memory', async () => new InMemoryBroker());
