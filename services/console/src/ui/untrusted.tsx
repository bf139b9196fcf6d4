import { Fragment } from 'react';
import { visibleRuns } from '../text/visible-runs.ts';

/**
 * Text that a caller, a gateway or an owner chose: shown as text, never as markup or as a link; characters that hide
 * or reorder others are shown by their number.
 */
export function Untrusted({
  text,
  mono,
  cut,
}: {
  readonly text: string;
  readonly mono?: boolean;
  readonly cut?: boolean;
}) {
  const runs = visibleRuns(text);
  return (
    <bdi className={`untrusted${mono ? ' mono' : ''}${cut ? ' cut' : ''}`}>
      {runs.map((run, at) =>
        run.kind === 'text' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: runs have no identity but their place
          <Fragment key={at}>{run.text}</Fragment>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: runs have no identity but their place
          <span className="control" key={at} title={run.meaning}>
            {run.text}
          </span>
        ),
      )}
    </bdi>
  );
}
