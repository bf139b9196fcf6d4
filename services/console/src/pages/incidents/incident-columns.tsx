import { Link } from '@tanstack/react-router';
import type { IncidentSummary } from '@tripkey/contract/api';
import { visibleText } from '../../text/visible-runs.ts';
import type { Column } from '../../ui/list-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { operationTone, operationWord, resolutionWord, stateWord } from '../incident/words.ts';

interface Given {
  readonly selected: ReadonlySet<string>;
  readonly toggle: (id: string) => void;
  readonly mayTriage: boolean;
}

export function incidentColumns({ selected, toggle, mayTriage }: Given): Column<IncidentSummary>[] {
  const select: Column<IncidentSummary> = {
    id: 'select',
    header: '',
    width: '2.5rem',
    cell: (row) => (
      <input
        type="checkbox"
        aria-label={`Select incident of ${visibleText(row.key_name || row.subject.id)}`}
        checked={selected.has(row.incident_id)}
        onChange={() => toggle(row.incident_id)}
      />
    ),
  };
  return [
    ...(mayTriage ? [select] : []),
    {
      id: 'severity',
      header: 'Severity',
      width: '6.25rem',
      wideOnly: true,
      sort: 'severity',
      cell: (row) => <SeverityMark severity={row.severity} />,
    },
    {
      id: 'what',
      header: 'What happened',
      cell: (row) => (
        <span className="two-lines">
          <Link to="/incidents/$id" params={{ id: row.incident_id }} className="cell">
            <span className="narrow-only">
              <SeverityMark severity={row.severity} short />{' '}
            </span>
            {row.title}
          </Link>
          <span>
            <Untrusted text={row.key_name || row.subject.id} />
            {row.rules.length > 1
              ? ` · and ${row.rules.length - 1} more ${row.rules.length === 2 ? 'rule' : 'rules'}`
              : ''}
          </span>
        </span>
      ),
    },
    {
      id: 'owner',
      header: 'Owner',
      width: '12rem',
      wideOnly: true,
      cell: (row) => (
        <span className="two-lines">
          <span>{row.owner ? <Untrusted text={row.owner} /> : <span className="muted">nobody</span>}</span>
          <Untrusted text={row.app_id || row.account_id} />
        </span>
      ),
    },
    { id: 'state', header: 'State', width: '9.5rem', wideOnly: true, cell: (row) => <State row={row} /> },
    {
      id: 'risk',
      header: 'Risk',
      width: '4.5rem',
      numeric: true,
      wideOnly: true,
      sort: 'score',
      cell: (row) => row.score.toFixed(1),
    },
    {
      id: 'opened',
      header: 'Opened',
      width: '6.5rem',
      numeric: true,
      sort: 'opened_at',
      cell: (row) => <Moment at={row.opened_at} style="ago" />,
    },
  ];
}

function State({ row }: { readonly row: IncidentSummary }) {
  if (row.state === 'resolved')
    return (
      <span className="muted">
        Resolved{row.resolution ? `, ${resolutionWord(row.resolution.reason)}` : ''}
      </span>
    );
  return (
    <span className="two-lines">
      <span className={row.state === 'open' ? 'strong' : ''}>{stateWord(row.state)}</span>
      {row.operation ? (
        <span className={`operation ${operationTone(row.operation.state)}`}>
          {operationWord(row.operation)}
        </span>
      ) : null}
    </span>
  );
}
