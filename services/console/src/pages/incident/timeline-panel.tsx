import type { TimelineEntry } from '@tripkey/contract/api';
import { Card, Loading } from '../../ui/card.tsx';
import { Moment } from '../../ui/moment.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { usePages } from '../../ui/use-pages.ts';

/** Everything that happened to the incident: rules, people, issuer, messages, proofs. Grows by itself. */
export function TimelinePanel({ incidentId }: { readonly incidentId: string }) {
  const params = { incident_id: incidentId };
  const { query, rows, hasMore, loadMore } = usePages('listIncidentTimeline', {
    params,
    query: { limit: 40 },
  });
  return (
    <Card title="Timeline" note="newest first">
      {query.error ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.isPending ? <Loading /> : null}
      <ol className="timeline">
        {rows.map((entry) => (
          <Entry key={entry.seq} entry={entry} />
        ))}
      </ol>
      {hasMore ? (
        <button type="button" className="button small" onClick={loadMore}>
          Show earlier
        </button>
      ) : null}
    </Card>
  );
}

/** How an entry is marked: what went well, what went wrong, what people did. */
function tone(kind: string): string {
  if (kind === 'operation_traffic_confirmed') return 'good';
  if (['operation_not_effective', 'operation_failed', 'severity_raised', 'message_failed'].includes(kind))
    return 'bad';
  return ['finding_added', 'opened'].includes(kind) ? 'warn' : '';
}

function Entry({ entry }: { readonly entry: TimelineEntry }) {
  const quiet = entry.kind.startsWith('message_');
  return (
    <li className={quiet ? 'quiet' : ''} data-kind={entry.kind}>
      <span className={`dot ${tone(entry.kind)}`} aria-hidden="true" />
      <div>
        <Untrusted text={entry.text} />
        <span className="muted">
          <Moment at={entry.at} style="full" /> · <Untrusted text={entry.actor} />
        </span>
      </div>
    </li>
  );
}
