export { type JudgedKey, type Judgement, judgeCommand } from './judge-command.ts';
export { type GenericIssuerOptions, openGenericIssuer } from './open-generic-issuer.ts';
export { type ServeIssuerOptions, serveIssuer } from './serve-issuer.ts';
export { type VerifiedCase, type VerifyIssuerOptions, verifyIssuer } from './verify-issuer.ts';
export {
  OperationId,
  type ProblemCode,
  problemStatuses,
  WireAction,
  WireCapabilities,
  WireCommand,
  WireKey,
  WireProblem,
  WireResult,
  WireStatus,
} from './wire.ts';
