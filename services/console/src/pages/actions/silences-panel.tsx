import { useQueryClient } from '@tanstack/react-query';
import type { Silence } from '@tripkey/contract/api';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { randomId } from '../../api/command.ts';
import { formatCount } from '../../format/numbers.ts';
import { useMay } from '../../shell/session.tsx';
import { Card, Empty } from '../../ui/card.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Rows } from '../../ui/rows.tsx';
import { Scroll } from '../../ui/scroll.tsx';
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
  const { rows, hasMore, loadMore } = pages;
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
        empty={
          <Empty title="Nothing is silenced">
            <p>Silence a key before planned work on it, or a rule while its parameters are being found.</p>
          </Empty>
        }
      >
        <SilenceTable rows={rows} may={may} onEnd={(id) => void end(id)} />
      </Rows>
      {hasMore ? (
        <div className="card-foot">
          <button type="button" className="button small" onClick={loadMore}>
            Show earlier
          </button>
        </div>
      ) : null}
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
    <Scroll label="Silences">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Reason</th>
            <th scope="col">By</th>
            <th scope="col" className="num">
              Hid
            </th>
            <th scope="col">Until</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.silence_id}>
              <td>
                <Untrusted
                  text={[
                    row.key_id && `key ${row.key_id}`,
                    row.account_id && `account ${row.account_id}`,
                    row.rule_id && `rule ${row.rule_id}`,
                  ]
                    .filter(Boolean)
                    .join(', ')}
                  mono
                />
              </td>
              <td>
                <Untrusted text={row.reason} />
              </td>
              <td>
                <Untrusted text={row.by} />
              </td>
              <td className="num">{formatCount(row.hid)}</td>
              <td>
                <Moment at={row.until} />
              </td>
              <td>
                {row.state === 'active' ? (
                  <button
                    type="button"
                    className="button small"
                    disabled={!may}
                    onClick={() => onEnd(row.silence_id)}
                  >
                    End now
                  </button>
                ) : (
                  <span className="muted">ended</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
