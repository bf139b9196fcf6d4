import { getRouteApi } from '@tanstack/react-router';
import { Card, Empty } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { ExportMenu } from '../../ui/export-menu.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Rows } from '../../ui/rows.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { usePages } from '../../ui/use-pages.ts';

const route = getRouteApi('/pipeline');

/** Events that could not be used, with the reason; secrets in them are already hashed. */
export function DeadLettersPanel() {
  const { reason } = route.useSearch();
  const navigate = route.useNavigate();
  const asked = reason ? { reason } : {};
  const pages = usePages('listDeadLetters', { query: { ...asked, limit: 50 } });
  const { rows } = pages;
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
        more="Show earlier"
        empty={
          <Empty title="Every event could be used">
            <p>
              What cannot be read stands here with its reason and goes back in by tripkey dlq replay once it
              is repaired.
            </p>
          </Empty>
        }
      >
        <DataTable
          label="Dead letters"
          className="samples"
          rows={rows}
          rowId={({ place }) => place}
          columns={[
            { header: 'Time', cell: ({ at }) => <Moment at={at} /> },
            {
              header: 'Reason',
              cell: (row) => (
                <button
                  type="button"
                  className="button quiet small"
                  onClick={() => void navigate({ to: '.', search: { reason: row.reason } })}
                >
                  {row.reason.replaceAll('_', ' ')}
                </button>
              ),
            },
            { header: 'Detail', cell: ({ detail }) => <Untrusted text={detail} /> },
            { header: 'Event', className: 'cut', cell: ({ original }) => <Untrusted text={original} mono /> },
            { header: 'Place', cell: ({ place }) => <code>{place}</code> },
          ]}
        />
      </Rows>
    </Card>
  );
}
