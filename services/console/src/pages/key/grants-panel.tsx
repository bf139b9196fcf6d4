import { useQuery } from '@tanstack/react-query';
import type { KeyGrants } from '@tripkey/contract/api';
import { ask } from '../../api/queries.ts';
import { Answer } from '../../ui/answer.tsx';
import { Card, Empty } from '../../ui/card.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Scroll } from '../../ui/scroll.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

/** What a key may do and does not, and what it does and may not. */
export function GrantsPanel({ keyId }: { readonly keyId: string }) {
  const grants = useQuery(ask('getKeyGrants', { params: { key_id: keyId } }));
  return (
    <Answer of={grants}>
      {(data) => (
        <>
          <Scopes grants={data} />
          <Outside outside={data.outside} />
        </>
      )}
    </Answer>
  );
}

function Scopes({ grants }: { readonly grants: KeyGrants }) {
  if (!grants.registered || grants.scopes.length === 0) {
    return (
      <Card title="Scopes" flush>
        <Empty title={grants.registered ? 'It has no scopes' : 'Its scopes are not known'}>
          <p>
            {grants.registered
              ? 'Whatever it was let into is not covered by any scope.'
              : 'No issuer has told of this key. Import its record, or let the issuer be read regularly, and unused scopes show up here.'}
          </p>
        </Empty>
      </Card>
    );
  }
  return (
    <Card title="Scopes" note="a scope that is not used can be taken away" flush>
      <Scroll label="Scopes">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Scope</th>
              <th scope="col">Use</th>
              <th scope="col">Endpoints</th>
              <th scope="col" className="num">
                Last used
              </th>
            </tr>
          </thead>
          <tbody>
            {grants.scopes.map((one) => (
              <tr key={one.scope}>
                <td>
                  <Untrusted text={one.scope} mono />
                </td>
                <td>
                  <span className={`badge ${one.used ? 'good' : 'medium'}`}>
                    {one.used ? 'used' : 'not used'}
                  </span>
                </td>
                <td>
                  <Untrusted
                    text={one.endpoints.map(({ method, route }) => `${method} ${route}`).join(', ') || '–'}
                    mono
                  />
                </td>
                <td className="num">
                  <Moment at={one.last_used_at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Card>
  );
}

function Outside({ outside }: { readonly outside: KeyGrants['outside'] }) {
  return (
    <Card title="Outside its scopes" flush>
      {outside.length === 0 ? (
        <Empty title="It has tried nothing that it may not" />
      ) : (
        <Scroll label="Outside its scopes">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Endpoint</th>
                <th scope="col">What happened</th>
                <th scope="col" className="num">
                  Last
                </th>
              </tr>
            </thead>
            <tbody>
              {outside.map((one) => (
                <tr key={`${one.method} ${one.route}`}>
                  <td>
                    <Untrusted text={`${one.method} ${one.route}`} mono />
                  </td>
                  <td>
                    {one.last_accepted_at ? (
                      <span className="badge critical">was let in: a hole in enforcement</span>
                    ) : (
                      <span className="badge plain">was refused</span>
                    )}
                  </td>
                  <td className="num">
                    <Moment at={one.last_accepted_at ?? one.last_refused_at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Card>
  );
}
