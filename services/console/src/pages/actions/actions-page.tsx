import { getRouteApi, Link } from '@tanstack/react-router';
import { type Operation, operationStates } from '@tripkey/contract/api';
import { useMay } from '../../shell/session.tsx';
import { Card, Empty, PageHead } from '../../ui/card.tsx';
import { type DataColumn, DataTable } from '../../ui/data-table.tsx';
import { ExportMenu } from '../../ui/export-menu.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Rows } from '../../ui/rows.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { usePages } from '../../ui/use-pages.ts';
import { useCommand } from '../incident/use-command.ts';
import { operationStateWord, operationTone } from '../incident/words.ts';
import { PolicyPanel } from './policy-panel.tsx';
import { SilencesPanel } from './silences-panel.tsx';

const route = getRouteApi('/actions');
const tabs = [
  { id: 'operations', label: 'Stops' },
  { id: 'policy', label: 'Policy' },
  { id: 'silences', label: 'Silences' },
] as const;

/** What is done to keys, by whom, and what is allowed to be done by itself. */
export function ActionsPage() {
  const { tab = 'operations' } = route.useSearch();
  return (
    <>
      <PageHead title="Actions">
        What was done to keys, what waits for a yes, and what may be done without one.
      </PageHead>
      <nav className="tabs" aria-label="Parts of this page">
        {tabs.map(({ id, label }) => (
          <Link
            key={id}
            to="/actions"
            search={{ tab: id === 'operations' ? undefined : id }}
            activeOptions={{ exact: true, includeSearch: true }}
          >
            {label}
          </Link>
        ))}
      </nav>
      {tab === 'operations' ? <Operations /> : null}
      {tab === 'policy' ? <PolicyPanel /> : null}
      {tab === 'silences' ? <SilencesPanel /> : null}
    </>
  );
}

function Operations() {
  const search = route.useSearch();
  const { state } = search;
  const navigate = route.useNavigate();
  const waiting = usePages('listOperations', { query: { state: ['proposed'], limit: 100 } });
  const history = usePages('listOperations', { query: { ...(state ? { state } : {}), limit: 100 } });
  return (
    <>
      <Card title="Waiting for approval" flush>
        <Rows
          of={waiting}
          empty={
            <Empty title="Nothing waits for a yes">
              <p>Stops of protected keys, and those that the policy only proposes, wait here.</p>
            </Empty>
          }
        >
          <OperationTable rows={waiting.rows} label="Waiting for approval" actions />
        </Rows>
      </Card>
      <Card
        title="History"
        note="newest first"
        tools={
          <>
            <select
              className="select"
              aria-label="State"
              value={state?.[0] ?? ''}
              onChange={(event) => {
                const chosen = operationStates.find((one) => one === event.target.value);
                void navigate({
                  to: '.',
                  search: { ...search, state: chosen ? [chosen] : undefined },
                  replace: true,
                });
              }}
            >
              <option value="">Any state</option>
              {operationStates.map((one) => (
                <option key={one} value={one}>
                  {operationStateWord(one)}
                </option>
              ))}
            </select>
            <ExportMenu route="listOperations" query={state ? { state } : {}} />
          </>
        }
        flush
      >
        <Rows
          of={history}
          more="Show earlier"
          empty={
            <Empty title="No key was stopped yet">
              <p>Open an incident and revoke its key, or let the policy do it.</p>
            </Empty>
          }
        >
          <OperationTable rows={history.rows} label="History" />
        </Rows>
      </Card>
    </>
  );
}

interface OperationTableProps {
  readonly rows: readonly Operation[];
  readonly label: string;
  readonly actions?: boolean;
}

const columns: readonly DataColumn<Operation>[] = [
  {
    header: 'Action',
    cell: ({ incident_id, action }) => (
      <Link to="/incidents/$id" params={{ id: incident_id }} className="cell">
        {action === 'disable' ? 'Stop' : 'Enable'}
      </Link>
    ),
  },
  {
    header: 'Key',
    cell: ({ key_id }) => (
      <Link to="/keys/$id" params={{ id: key_id }}>
        <Untrusted text={key_id} mono />
      </Link>
    ),
  },
  {
    header: 'State',
    cell: ({ state }) => <span className={`badge ${operationTone(state)}`}>{operationStateWord(state)}</span>,
  },
  { header: 'Reason', cell: ({ reason }) => <Untrusted text={reason} /> },
  {
    header: 'By',
    cell: ({ approved_by, agreed_by }) => <Untrusted text={approved_by ?? (agreed_by.join(', ') || '–')} />,
  },
  { header: 'Issuer', cell: ({ issuer }) => <Untrusted text={issuer} /> },
  { header: 'Proposed', numeric: true, cell: ({ proposed_at }) => <Moment at={proposed_at} /> },
  {
    header: 'Proven',
    numeric: true,
    cell: ({ proven_at }) => (proven_at ? <Moment at={proven_at} /> : <span className="muted">–</span>),
  },
];

function OperationTable({ rows, label, actions }: OperationTableProps) {
  return (
    <DataTable
      label={label}
      rows={rows}
      rowId={({ operation_id }) => operation_id}
      columns={
        actions ? [...columns, { header: 'Decide', cell: (row) => <Decide operation={row} /> }] : columns
      }
    />
  );
}

function Decide({ operation }: { readonly operation: Operation }) {
  const { run, busy } = useCommand(operation.incident_id);
  const may = useMay('act');
  const { operation_id } = operation;
  return (
    <span className="button-row">
      <button
        type="button"
        className="button danger small"
        disabled={busy || !may}
        onClick={() => void run({ do: 'approve', operation_id })}
      >
        Approve
      </button>
      <button
        type="button"
        className="button small"
        disabled={busy || !may}
        onClick={() => void run({ do: 'cancel', operation_id })}
      >
        Cancel
      </button>
    </span>
  );
}
