import { showProgress } from '../progress.ts';
import type { LineSource } from '../read-lines.ts';
import type { BacktestParts } from './run-backtest.ts';

/** Shows how far a backtest is: first what is stored, then what is judged. */
export function showBacktestProgress(
  source: LineSource,
): Required<Pick<BacktestParts, 'onStored' | 'onJudged'>> & { stop(): void } {
  let showing = showProgress('storing', source.bytesTotal);
  let isJudging = false;
  return {
    onStored: (events) => showing.update(source.bytesRead(), `${events.toLocaleString('en')} events`),
    onJudged(share) {
      if (!isJudging) {
        showing.stop();
        showing = showProgress('judging', 100);
        isJudging = true;
      }
      showing.update(Math.round(share * 100));
    },
    stop: () => showing.stop(),
  };
}
