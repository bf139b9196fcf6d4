export { aCommand } from './a-command.ts';
export { describeKeyIssuer, type IssuerOnBench, type IssuerTraits } from './describe-key-issuer.ts';
export { fakeAfterMs, InMemoryIssuer, type IssuerFaults } from './in-memory-issuer.ts';
