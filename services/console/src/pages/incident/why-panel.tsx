import { Link } from '@tanstack/react-router';
import type { IncidentDetail, Why } from '@tripkey/contract/api';
import { formatShare, formatShort } from '../../format/numbers.ts';
import { Card } from '../../ui/card.tsx';
import { Moment } from '../../ui/moment.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { comparisons, formatEvidence } from './evidence.ts';
import { fromSnake } from './words.ts';

/** Why this is said: what each rule adds, what it saw and what it would have let pass. */
export function WhyPanel({ incident }: { readonly incident: IncidentDetail }) {
  return (
    <Card title="Why" note="what each rule adds to the risk, and what would not have fired">
      <ol className="whys">
        {incident.why.map((why) => (
          <WhyRow key={why.rule_id} why={why} />
        ))}
      </ol>
    </Card>
  );
}

function WhyRow({ why }: { readonly why: Why }) {
  const { evidence, contribution } = why;
  const rows = comparisons(evidence);
  return (
    <li className="why">
      <div className="why-head">
        <h3>
          <Link to="/rules/$id" params={{ id: why.rule_id }} className="link">
            {why.title}
          </Link>
        </h3>
        <SeverityMark severity={why.severity} />
        <span className="why-share">
          <span className="bar" role="img" aria-label={`${formatShare(contribution)} of the risk`}>
            <span className={why.severity} style={{ width: `${Math.max(contribution * 100, 1)}%` }} />
          </span>
          <span className="num">{contribution > 0 ? formatShare(contribution) : 'counted elsewhere'}</span>
        </span>
      </div>
      <p className="soft">
        <Untrusted text={why.detail} />
      </p>
      <table className="table compact figures-table">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Seen</th>
            <th scope="col">Expected</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, seen, expected }) => (
            <tr key={name}>
              <th scope="row">{fromSnake(name)}</th>
              <td className="strong">
                <Untrusted text={seen} />
              </td>
              <td>{expected === null ? <span className="muted">–</span> : <Untrusted text={expected} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="why-foot">
        <span>
          Would not have fired at{' '}
          <strong>
            {evidence.quiet_at === undefined ? 'no value of one figure' : formatEvidence(evidence.quiet_at)}
          </strong>
        </span>
        <span>
          chance of it in a benign minute <strong>1 in {chance(why.score)}</strong>
        </span>
        <span>
          {why.times === 1 ? 'seen once' : `seen ${why.times} times`},{' '}
          <Moment at={why.detected_at} style="full" />
        </span>
      </p>
    </li>
  );
}

/** `3` is `1,000`: one in a thousand. */
function chance(score: number): string {
  return score > 15 ? `10^${Math.round(score)}` : formatShort(Math.max(1, 10 ** score));
}
