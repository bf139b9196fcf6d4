import { Link } from '@tanstack/react-router';
import type { IncidentDetail } from '@tripkey/contract/api';
import { Card } from '../../ui/card.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { stateWord } from './words.ts';

/** Whose key it is, and what else is known of it. */
export function AsideFacts({ incident }: { readonly incident: IncidentDetail }) {
  const { key_id, subject } = incident;
  return (
    <>
      <Card title={key_id ? 'Key' : 'Subject'}>
        <dl className="facts">
          {key_id ? (
            <>
              <dt>Key</dt>
              <dd>
                <Link to="/keys/$id" params={{ id: key_id }} className="link">
                  <Untrusted text={incident.key_name || key_id} />
                </Link>
                <br />
                <Untrusted text={key_id} mono />
              </dd>
            </>
          ) : (
            <>
              <dt>{subject.kind}</dt>
              <dd>
                <Untrusted text={subject.id} mono />
              </dd>
            </>
          )}
          <dt>Owner</dt>
          <dd>
            {incident.owner ? <Untrusted text={incident.owner} /> : <span className="muted">nobody</span>}
          </dd>
          <dt>Account</dt>
          <dd>
            {incident.account_id ? (
              <Untrusted text={incident.account_id} mono />
            ) : (
              <span className="muted">–</span>
            )}
          </dd>
          <dt>Application</dt>
          <dd>
            {incident.app_id ? <Untrusted text={incident.app_id} mono /> : <span className="muted">–</span>}
          </dd>
          <dt>Protected</dt>
          <dd>{incident.protected ? 'yes: stopping it needs two people' : 'no'}</dd>
          <dt>Opened</dt>
          <dd>
            <Moment at={incident.opened_at} style="full" />
          </dd>
          <dt>Last finding</dt>
          <dd>
            <Moment at={incident.last_finding_at} style="full" />
          </dd>
          {incident.resolution?.note ? (
            <>
              <dt>Note</dt>
              <dd>
                <Untrusted text={incident.resolution.note} />
              </dd>
            </>
          ) : null}
        </dl>
      </Card>
      {incident.related.length > 0 ? (
        <Card title="Other incidents of this key">
          <ul className="news">
            {incident.related.map((one) => (
              <li key={one.incident_id}>
                <Link to="/incidents/$id" params={{ id: one.incident_id }} className="link">
                  {one.title}
                </Link>
                <span className="count">
                  {stateWord(one.state)}, <Moment at={one.opened_at} />
                </span>
              </li>
            ))}
          </ul>
        </Card>
      ) : null}
    </>
  );
}
