import { getRouteApi } from '@tanstack/react-router';
import { Card, Empty } from '../../ui/card.tsx';
import { ExportMenu } from '../../ui/export-menu.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Rows } from '../../ui/rows.tsx';
import { Scroll } from '../../ui/scroll.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { usePages } from '../../ui/use-pages.ts';

const route = getRouteApi('/pipeline');

/** Events that could not be used, with the reason; secrets in them are already hashed. */
export function DeadLettersPanel() {
  const { reason } = route.useSearch();
  const navigate = route.useNavigate();
  const asked = reason ? { reason } : {};
  const pages = usePages('listDeadLetters', { query: { ...asked, limit: 50 } });
  const { rows, hasMore, loadMore } = pages;
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
      <Rows
        of={pages}
        empty={
          <Empty title="Every event could be used">
            <p>
              What cannot be read stands here with its reason and goes back in by tripkey replay once it is
              repaired.
            </p>
          </Empty>
        }
      >
        <Scroll label="Dead letters">
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
        </Scroll>
      </Rows>
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
