export { type BacktestParts, type BacktestResult, runBacktest } from './backtest/run-backtest.ts';
export { type Labels, type SimulationOptions, simulate } from './simulate/index.ts';
