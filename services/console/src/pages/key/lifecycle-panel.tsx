import { Link } from '@tanstack/react-router';
import type { KeyDetail } from '@tripkey/contract/api';
import { Card, Empty } from '../../ui/card.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Scroll } from '../../ui/scroll.tsx';
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
          <Scroll label="Lifecycle">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">When</th>
                  <th scope="col">What</th>
                  <th scope="col">Detail</th>
                </tr>
              </thead>
              <tbody>
                {detail.lifecycle.map((one) => (
                  <tr key={`${one.at} ${one.what}`}>
                    <td>
                      <Moment at={one.at} style="full" />
                    </td>
                    <td className="strong">{one.what.replaceAll('_', ' ')}</td>
                    <td>
                      <Untrusted text={one.detail} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
      </Card>
      <Card title="Lineage" note="a rotated key inherits what its predecessor taught" flush>
        <Scroll label="Lineage">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Key</th>
                <th scope="col">Status</th>
                <th scope="col">Created</th>
                <th scope="col" className="num">
                  Last used
                </th>
              </tr>
            </thead>
            <tbody>
              {detail.lineage.map((one) => (
                <tr key={one.key_id} data-marked={one.key_id === detail.key_id || undefined}>
                  <td>
                    <Link to="/keys/$id" params={{ id: one.key_id }} className="cell">
                      <Untrusted text={one.key_id} mono />
                    </Link>
                  </td>
                  <td>
                    <span className={`badge ${keyTone(one.status)}`}>{one.status}</span>
                  </td>
                  <td>
                    <Moment at={one.created_at} />
                  </td>
                  <td className="num">
                    <Moment at={one.last_used_at} style="ago" />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </Card>
    </>
  );
}
