export type { NewKey } from './issuer/new-key.ts';
export type { CreatedKey } from './issuer/sandbox-issuer.ts';
export { type IssuerSandbox, type IssuerSandboxOptions, startIssuerSandbox } from './start-issuer-sandbox.ts';
