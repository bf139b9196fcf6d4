export { type BacktestParts, type BacktestResult, runBacktest } from './backtest/run-backtest.ts';
export { completionWords } from './commands/completion.ts';
export { habitOf } from './drill/canary-traffic.ts';
export { runDrill, summaryOf } from './drill/run-drill.ts';
export { createProgram } from './program.ts';
export { type Labels, type SimulationOptions, simulate } from './simulate/index.ts';
