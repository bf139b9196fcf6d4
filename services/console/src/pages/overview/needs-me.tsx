import { Link } from '@tanstack/react-router';
import type { Overview } from '@tripkey/contract/api';
import { formatCount } from '../../format/numbers.ts';
import { Card, Empty } from '../../ui/card.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Scroll } from '../../ui/scroll.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { operationStateWord, operationTone } from '../incident/words.ts';

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
        <Scroll label="What needs you">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Severity</th>
                <th scope="col">What happened</th>
                <th scope="col">Key</th>
                <th scope="col" className="wide-only">
                  Owner
                </th>
                <th scope="col">Response</th>
                <th scope="col" className="num">
                  Since
                </th>
              </tr>
            </thead>
            <tbody>
              {operations.map((operation) => (
                <tr key={operation.operation_id}>
                  <td>
                    <span className="badge accent">Approval</span>
                  </td>
                  <td>
                    <Link to="/incidents/$id" params={{ id: operation.incident_id }} className="cell">
                      {operation.action === 'disable' ? 'Stop the key?' : 'Enable the key again?'}
                    </Link>
                  </td>
                  <td>
                    <Untrusted text={operation.key_id} mono />
                  </td>
                  <td className="wide-only muted">–</td>
                  <td>
                    <span className={`badge ${operationTone(operation.state)}`}>
                      {operationStateWord(operation.state)}
                    </span>
                  </td>
                  <td className="num">
                    <Moment at={operation.proposed_at} style="ago" />
                  </td>
                </tr>
              ))}
              {incidents.map((incident) => (
                <tr key={incident.incident_id}>
                  <td>
                    <SeverityMark severity={incident.severity} />
                  </td>
                  <td>
                    <Link to="/incidents/$id" params={{ id: incident.incident_id }} className="cell">
                      {incident.title}
                    </Link>
                  </td>
                  <td>
                    <Untrusted text={incident.key_name || incident.subject.id} />
                  </td>
                  <td className="wide-only">
                    {incident.owner ? (
                      <Untrusted text={incident.owner} />
                    ) : (
                      <span className="muted">nobody</span>
                    )}
                  </td>
                  <td>
                    {incident.operation ? (
                      <span className={`badge ${operationTone(incident.operation.state)}`}>
                        {operationStateWord(incident.operation.state)}
                      </span>
                    ) : (
                      <span className="muted">none</span>
                    )}
                  </td>
                  <td className="num">
                    <Moment at={incident.opened_at} style="ago" />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
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
