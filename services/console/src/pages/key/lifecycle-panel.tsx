import { Link } from '@tanstack/react-router';
import type { KeyDetail } from '@tripkey/contract/api';
import { Card, Empty } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { keyTone } from '../keys/words.ts';

/** What became of a key, and the keys that came before and after it. */
export function LifecyclePanel({ detail }: { readonly detail: KeyDetail }) {
  return (
    <>
      <Card title="Lifecycle" flush>
        {detail.lifecycle.length === 0 ? (
          <Empty title="Nothing is known yet" />
        ) : (
          <DataTable
            label="Lifecycle"
            rows={detail.lifecycle}
            rowId={({ at, what }) => `${at} ${what}`}
            columns={[
              { header: 'When', cell: ({ at }) => <Moment at={at} style="full" /> },
              { header: 'What', className: 'strong', cell: ({ what }) => what.replaceAll('_', ' ') },
              { header: 'Detail', cell: (one) => <Untrusted text={one.detail} /> },
            ]}
          />
        )}
      </Card>
      <Card title="Lineage" note="a rotated key inherits what its predecessor taught" flush>
        <DataTable
          label="Lineage"
          rows={detail.lineage}
          rowId={({ key_id }) => key_id}
          marked={({ key_id }) => key_id === detail.key_id}
          columns={[
            {
              header: 'Key',
              cell: ({ key_id }) => (
                <Link to="/keys/$id" params={{ id: key_id }} className="cell">
                  <Untrusted text={key_id} mono />
                </Link>
              ),
            },
            {
              header: 'Status',
              cell: ({ status }) => <span className={`badge ${keyTone(status)}`}>{status}</span>,
            },
            { header: 'Created', cell: ({ created_at }) => <Moment at={created_at} /> },
            {
              header: 'Last used',
              numeric: true,
              cell: ({ last_used_at }) => <Moment at={last_used_at} style="ago" />,
            },
          ]}
        />
      </Card>
    </>
  );
}
