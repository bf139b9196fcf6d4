import { Link } from '@tanstack/react-router';
import type { IncidentDetail, Operation } from '@tripkey/contract/api';
import { formatDuration } from '../../format/times.ts';
import { Card } from '../../ui/card.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Moment, useNow } from '../../ui/moment.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { operationStateWord, operationTone } from './words.ts';

/** What is being done about it, step by step, up to the proof. */
export function StopProgress({ incident }: { readonly incident: IncidentDetail }) {
  const [current, ...earlier] = incident.operations;
  return (
    <Card title="Response">
      <div className="stack-s" aria-live="polite">
        <p>
          <Untrusted text={incident.response} />
        </p>
        {incident.policy && !current ? (
          <p className="soft">
            Policy: <strong>{incident.policy.mode}</strong>. <Untrusted text={incident.policy.reason} />
          </p>
        ) : null}
        {current ? <Steps operation={current} /> : null}
        {earlier.length > 0 ? (
          <ul className="news">
            {earlier.map((one) => (
              <li key={one.operation_id}>
                {one.action}{' '}
                <span className={`badge ${operationTone(one.state)}`}>{operationStateWord(one.state)}</span>
                <span className="count">
                  <Moment at={one.proposed_at} />
                </span>
              </li>
            ))}
          </ul>
        ) : null}
        <Link to="/actions" className="link">
          All actions
        </Link>
      </div>
    </Card>
  );
}

const order = ['proposed', 'approved', 'executing', 'state_confirmed', 'traffic_confirmed'] as const;
const failures = ['not_effective', 'refused', 'failed', 'cancelled'];

function Steps({ operation }: { readonly operation: Operation }) {
  const now = useNow();
  const failed = failures.includes(operation.state);
  const reached = failed
    ? operation.state === 'not_effective'
      ? 3
      : operation.approved_by
        ? 1
        : 0
    : order.indexOf(operation.state as (typeof order)[number]);
  const stop = operation.action === 'disable';
  const who = operation.approved_by ?? operation.agreed_by.join(', ');
  const steps = [
    { name: stop ? 'Stop proposed' : 'Enabling proposed', note: <Untrusted text={operation.reason} /> },
    { name: 'Approved', note: who ? <Untrusted text={`by ${who}`} /> : 'waits for a person' },
    {
      name: `Asked of ${operation.issuer}`,
      note: operation.attempts > 1 ? `${operation.attempts} attempts` : null,
    },
    {
      name: `Issuer says ${stop ? 'disabled' : 'enabled'}`,
      note: operation.stopped_at ? <Moment at={operation.stopped_at} style="full" /> : null,
    },
    {
      name: stop ? 'Traffic proves it' : 'Traffic confirms it',
      note: operation.proven_at ? <Moment at={operation.proven_at} style="full" /> : null,
    },
  ];
  return (
    <>
      <ol className="steps" data-operation-state={operation.state}>
        {steps.map(({ name, note }, at) => {
          const done =
            at < reached ||
            (at === reached && (operation.state === 'traffic_confirmed' || at < 2 || at === 3));
          const running = !failed && !done && at === Math.min(reached + (done ? 0 : 1), order.length - 1);
          return (
            <li key={name} data-step={done ? 'done' : running ? 'now' : 'later'}>
              <span className="step-mark" aria-hidden="true">
                {done ? <Icon name="check" size={10} /> : null}
              </span>
              <div>
                <strong>{name}</strong>
                {note ? <span className="muted">{note}</span> : null}
              </div>
              <span className="sr-only">{done ? 'done' : running ? 'in progress' : 'not yet'}</span>
            </li>
          );
        })}
      </ol>
      {failed ? (
        <span className={`badge ${operationTone(operation.state)}`}>
          {operationStateWord(operation.state)}
        </span>
      ) : null}
      {operation.state === 'state_confirmed' ? (
        <p className="soft">Watching the traffic for {formatDuration(now - Date.parse(operation.since))}.</p>
      ) : null}
      {operation.state === 'traffic_confirmed' ? (
        <p className="notice good">
          <strong>{stop ? 'Stop proven' : 'Enabled'}</strong>
          <span>
            {stop
              ? 'No request of the key was accepted once the stop had reached every gateway.'
              : 'Requests of the key are accepted again.'}
          </span>
        </p>
      ) : null}
    </>
  );
}
