import { useQueryClient } from '@tanstack/react-query';
import type { Silence } from '@tripkey/contract/api';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { randomId } from '../../api/command.ts';
import { formatCount } from '../../format/numbers.ts';
import { useMay } from '../../shell/session.tsx';
import { Card, Empty } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Rows } from '../../ui/rows.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { usePages } from '../../ui/use-pages.ts';
import { SilenceDialog } from './silence-dialog.tsx';

/** What people do not want to be told of for a while. The evidence stays. */
export function SilencesPanel() {
  const client = useQueryClient();
  const may = useMay('triage');
  const [adding, setAdding] = useState(false);
  const pages = usePages('listSilences', {
    query: { state: 'all', limit: 100 },
  });
  const { rows } = pages;
  const again = () => void client.invalidateQueries({ queryKey: ['listSilences'] });
  const end = async (silence_id: string) => {
    try {
      await call('endSilence', { params: { silence_id }, idempotencyKey: randomId() });
      toast('The silence has ended.');
    } catch (error) {
      toast(`Not ended: ${error instanceof Error ? error.message : String(error)}`, true);
    }
    again();
  };
  return (
    <Card
      title="Silences"
      note="they hide messages, never evidence"
      tools={
        <button type="button" className="button small" disabled={!may} onClick={() => setAdding(true)}>
          New silence …
        </button>
      }
      flush
    >
      <Rows
        of={pages}
        more="Show earlier"
        empty={
          <Empty title="Nothing is silenced">
            <p>Silence a key before planned work on it, or a rule while its parameters are being found.</p>
          </Empty>
        }
      >
        <SilenceTable rows={rows} may={may} onEnd={(id) => void end(id)} />
      </Rows>
      {adding ? (
        <SilenceDialog
          onClose={() => setAdding(false)}
          onAdd={async (silence) => {
            await call('addSilence', { body: silence, idempotencyKey: randomId() });
            setAdding(false);
            again();
          }}
        />
      ) : null}
    </Card>
  );
}

interface SilenceTableProps {
  readonly rows: readonly Silence[];
  readonly may: boolean;
  readonly onEnd: (id: string) => void;
}

function SilenceTable({ rows, may, onEnd }: SilenceTableProps) {
  return (
    <DataTable
      label="Silences"
      rows={rows}
      rowId={({ silence_id }) => silence_id}
      columns={[
        {
          header: 'What',
          cell: ({ key_id, account_id, rule_id }) => (
            <Untrusted
              text={[
                key_id && `key ${key_id}`,
                account_id && `account ${account_id}`,
                rule_id && `rule ${rule_id}`,
              ]
                .filter(Boolean)
                .join(', ')}
              mono
            />
          ),
        },
        { header: 'Reason', cell: ({ reason }) => <Untrusted text={reason} /> },
        { header: 'By', cell: ({ by }) => <Untrusted text={by} /> },
        { header: 'Hid', numeric: true, cell: ({ hid }) => formatCount(hid) },
        { header: 'Until', cell: ({ until }) => <Moment at={until} /> },
        {
          header: 'State',
          cell: ({ state, silence_id }) =>
            state === 'active' ? (
              <button
                type="button"
                className="button small"
                disabled={!may}
                onClick={() => onEnd(silence_id)}
              >
                End now
              </button>
            ) : (
              <span className="muted">ended</span>
            ),
        },
      ]}
    />
  );
}
