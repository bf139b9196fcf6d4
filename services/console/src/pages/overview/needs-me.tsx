import { Link } from '@tanstack/react-router';
import type { Overview } from '@tripkey/contract/api';
import type { ReactNode } from 'react';
import { formatCount } from '../../format/numbers.ts';
import { Card, Empty } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { operationTone, operationWord } from '../incident/words.ts';

/** What waits for a person: incidents that nobody has in hand, and stops that need a yes. */
export function NeedsMe({ data }: { readonly data: Overview }) {
  const { incidents, incidents_total, operations, operations_total } = data.needs_me;
  const nothing = incidents.length === 0 && operations.length === 0;
  return (
    <Card
      title="Needs you now"
      note={nothing ? undefined : 'worst first'}
      tools={
        incidents_total > incidents.length ? (
          <Link to="/incidents" className="link">
            All {formatCount(incidents_total)}
          </Link>
        ) : undefined
      }
      flush
    >
      {nothing ? (
        <Empty title="Nothing waits for you">
          <p>No open incident is without an owner, and no stop waits for approval.</p>
        </Empty>
      ) : (
        <DataTable
          label="What needs you"
          rows={[...operations.map(waitingStop), ...incidents.map(unowned)]}
          rowId={({ id }) => id}
          columns={[
            { header: 'Severity', cell: ({ severity }) => severity },
            {
              header: 'What happened',
              cell: ({ incident_id, title }) => (
                <Link to="/incidents/$id" params={{ id: incident_id }} className="cell">
                  {title}
                </Link>
              ),
            },
            { header: 'Key', cell: ({ key }) => key },
            {
              header: 'Owner',
              wideOnly: true,
              cell: ({ owner }) =>
                owner ? <Untrusted text={owner} /> : <span className="muted">nobody</span>,
            },
            {
              header: 'Response',
              cell: ({ response }) =>
                response ? (
                  <span className={`badge ${operationTone(response.state)}`}>{operationWord(response)}</span>
                ) : (
                  <span className="muted">none</span>
                ),
            },
            { header: 'Since', numeric: true, cell: ({ since }) => <Moment at={since} style="ago" /> },
          ]}
        />
      )}
      {operations_total > operations.length ? (
        <div className="card-foot">
          <Link to="/actions" search={{ state: ['proposed'] }} className="link">
            {formatCount(operations_total)} wait for approval
          </Link>
        </div>
      ) : null}
    </Card>
  );
}

/** A line of the table: a stop that waits for a yes, or an incident. */
interface Waiting {
  readonly id: string;
  readonly incident_id: string;
  readonly severity: ReactNode;
  readonly title: string;
  readonly key: ReactNode;
  readonly owner: string | null;
  readonly response: { readonly action: string; readonly state: string } | null;
  readonly since: string;
}

function waitingStop(operation: Overview['needs_me']['operations'][number]): Waiting {
  return {
    id: operation.operation_id,
    incident_id: operation.incident_id,
    severity: <span className="badge accent">Approval</span>,
    title: operation.action === 'disable' ? 'Stop the key?' : 'Enable the key again?',
    key: <Untrusted text={operation.key_id} mono />,
    owner: null,
    response: operation,
    since: operation.proposed_at,
  };
}

function unowned(incident: Overview['needs_me']['incidents'][number]): Waiting {
  return {
    id: incident.incident_id,
    incident_id: incident.incident_id,
    severity: <SeverityMark severity={incident.severity} />,
    title: incident.title,
    key: <Untrusted text={incident.key_name || incident.subject.id} />,
    owner: incident.owner,
    response: incident.operation,
    since: incident.opened_at,
  };
}
