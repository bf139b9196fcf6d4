export { aKeySeen, amount, aNewAgent, aNewEndpoint, aNewNetwork, type KeyChanges, traffic } from './a-key.ts';
export { describeRule, judge, type RuleExamples } from './describe-rule.ts';
