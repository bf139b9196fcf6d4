export { aFleetSeen, aGatewaySeen } from './a-gateway.ts';
export { aKeptKey, daysAgo } from './a-kept-key.ts';
export {
  aKeySeen,
  amount,
  aNewAgent,
  aNewEndpoint,
  aNewNetwork,
  aNewScope,
  type KeyChanges,
  traffic,
} from './a-key.ts';
export { aSourceSeen } from './a-source.ts';
export { describeRule, judge, judgeFire, type RuleExamples } from './describe-rule.ts';
