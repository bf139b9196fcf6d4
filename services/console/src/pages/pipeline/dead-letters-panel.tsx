import { getRouteApi } from '@tanstack/react-router';
import { Card, Empty } from '../../ui/card.tsx';
import { ExportMenu } from '../../ui/export-menu.tsx';
import { Moment } from '../../ui/moment.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { usePages } from '../../ui/use-pages.ts';

const route = getRouteApi('/pipeline');

/** Events that could not be used, with the reason; secrets in them are already hashed. */
export function DeadLettersPanel() {
  const { reason } = route.useSearch();
  const navigate = route.useNavigate();
  const asked = reason ? { reason } : {};
  const { query, rows, hasMore, loadMore } = usePages('listDeadLetters', { query: { ...asked, limit: 50 } });
  return (
    <Card
      title="Dead letters"
      note="events that could not be used, newest first"
      tools={
        <>
          {reason ? (
            <button
              type="button"
              className="button small"
              onClick={() => void navigate({ to: '.', search: {} })}
            >
              {reason} ✕
            </button>
          ) : null}
          <ExportMenu route="listDeadLetters" query={asked} />
        </>
      }
      flush
    >
      {query.error ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.isSuccess && rows.length === 0 ? (
        <Empty title="Every event could be used">
          <p>
            What cannot be read stands here with its reason and goes back in by tripkey replay once it is
            repaired.
          </p>
        </Empty>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className="scroll" tabIndex={0} aria-label="Dead letters">
          <table className="table samples">
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Reason</th>
                <th scope="col">Detail</th>
                <th scope="col">Event</th>
                <th scope="col">Place</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.place}>
                  <td>
                    <Moment at={row.at} />
                  </td>
                  <td>
                    <button
                      type="button"
                      className="button quiet small"
                      onClick={() => void navigate({ to: '.', search: { reason: row.reason } })}
                    >
                      {row.reason.replaceAll('_', ' ')}
                    </button>
                  </td>
                  <td>
                    <Untrusted text={row.detail} />
                  </td>
                  <td className="cut">
                    <Untrusted text={row.original} mono />
                  </td>
                  <td>
                    <code>{row.place}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {hasMore ? (
        <div className="card-foot">
          <button type="button" className="button small" onClick={loadMore}>
            Show earlier
          </button>
        </div>
      ) : null}
    </Card>
  );
}
