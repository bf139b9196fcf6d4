export { type BacktestParts, type BacktestResult, runBacktest } from './backtest/run-backtest.ts';
export { completionWords } from './commands/completion.ts';
export { createProgram } from './program.ts';
export { type Labels, type SimulationOptions, simulate } from './simulate/index.ts';
