import { useQuery } from '@tanstack/react-query';
import type { KeyGrants } from '@tripkey/contract/api';
import { ask } from '../../api/queries.ts';
import { Answer } from '../../ui/answer.tsx';
import { Card, Empty } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Moment } from '../../ui/moment.tsx';
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
      <DataTable
        label="Scopes"
        rows={grants.scopes}
        rowId={({ scope }) => scope}
        columns={[
          { header: 'Scope', cell: ({ scope }) => <Untrusted text={scope} mono /> },
          {
            header: 'Use',
            cell: ({ used }) => (
              <span className={`badge ${used ? 'good' : 'medium'}`}>{used ? 'used' : 'not used'}</span>
            ),
          },
          {
            header: 'Endpoints',
            cell: ({ endpoints }) => (
              <Untrusted
                text={endpoints.map(({ method, route }) => `${method} ${route}`).join(', ') || '–'}
                mono
              />
            ),
          },
          { header: 'Last used', numeric: true, cell: (one) => <Moment at={one.last_used_at} /> },
        ]}
      />
    </Card>
  );
}

function Outside({ outside }: { readonly outside: KeyGrants['outside'] }) {
  return (
    <Card title="Outside its scopes" flush>
      {outside.length === 0 ? (
        <Empty title="It has tried nothing that it may not" />
      ) : (
        <DataTable
          label="Outside its scopes"
          rows={outside}
          rowId={({ method, route }) => `${method} ${route}`}
          columns={[
            {
              header: 'Endpoint',
              cell: ({ method, route }) => <Untrusted text={`${method} ${route}`} mono />,
            },
            {
              header: 'What happened',
              cell: ({ last_accepted_at }) =>
                last_accepted_at ? (
                  <span className="badge critical">was let in: a hole in enforcement</span>
                ) : (
                  <span className="badge plain">was refused</span>
                ),
            },
            {
              header: 'Last',
              numeric: true,
              cell: (one) => <Moment at={one.last_accepted_at ?? one.last_refused_at} />,
            },
          ]}
        />
      )}
    </Card>
  );
}
