import type { UsageChart } from '../survey/chart.ts';
import type { SlackMessageDraft } from './slack-message.ts';

type ChartBlock = Extract<SlackMessageDraft['blocks'][number], { type: 'data_visualization' }>;

/** A key's requests as Slack draws them; needs no scope and no file. */
export function chartBlock(chart: UsageChart): ChartBlock {
  const labels = chart.seen.map((_, bucket) => clockText(chart.from + bucket * chart.bucket_ms));
  const series = (name: string, values: readonly number[]) => ({
    name,
    data: values.map((value, bucket) => ({ label: labels[bucket]!, value })),
  });
  return {
    type: 'data_visualization',
    title: `Requests every ${chart.bucket_ms / 60_000} minutes, UTC`,
    chart: {
      type: 'line',
      series: [series('seen', chart.seen), ...(chart.usual ? [series('usual', chart.usual)] : [])],
      axis_config: { categories: labels, x_label: 'UTC', y_label: 'requests' },
    },
  };
}

const levels = [...'▁▂▃▄▅▆▇█'];

/** The same as one line of text, for a Slack that does not draw. */
export function sparkline(chart: UsageChart): string {
  const most = Math.max(1, ...chart.seen, ...(chart.usual ?? []));
  const line = (values: readonly number[]) =>
    values
      .map((value) => levels[Math.min(levels.length - 1, Math.floor((value / most) * levels.length))])
      .join('');
  const usual = chart.usual ? ` usual ${line(chart.usual)}` : '';
  return `Requests of ${(chart.seen.length * chart.bucket_ms) / 60_000} min: seen ${line(chart.seen)}${usual}, at most ${most}`;
}

function clockText(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 16);
}
