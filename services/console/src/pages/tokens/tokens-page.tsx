import { useQueryClient } from '@tanstack/react-query';
import type { Token, TokenWithSecret } from '@tripkey/contract/api';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useMay } from '../../shell/session.tsx';
import { Card, Empty, PageHead } from '../../ui/card.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Rows } from '../../ui/rows.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { usePages } from '../../ui/use-pages.ts';
import { TokenDialog } from './token-dialog.tsx';

/** Who has access without being a person. */
export function TokensPage() {
  const admin = useMay('admin');
  if (!admin) {
    return (
      <>
        <PageHead title="Tokens" />
        <section className="card" aria-label="Tokens">
          <Empty title="Only an admin sees tokens">
            <p>Ask one for a token with the scopes that you need.</p>
          </Empty>
        </section>
      </>
    );
  }
  return <Tokens />;
}

function Tokens() {
  const client = useQueryClient();
  const pages = usePages('listTokens', { query: { limit: 100 } });
  const { rows } = pages;
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState<TokenWithSecret | null>(null);
  const again = () => void client.invalidateQueries({ queryKey: ['listTokens'] });
  const attempt = async (what: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      toast(`${what}: ${error instanceof Error ? error.message : String(error)}`, true);
    }
    again();
  };
  const rotate = ({ token_id }: Token) =>
    attempt('Not rotated', async () =>
      setMade(await call('rotateToken', { params: { token_id }, body: {} })),
    );
  const revoke = ({ token_id }: Token) =>
    attempt('Not ended', async () => {
      await call('revokeToken', { params: { token_id } });
      toast('The token is ended.');
    });
  return (
    <>
      <PageHead
        title="Tokens"
        tools={
          <button type="button" className="button primary" onClick={() => setAsking(true)}>
            New token …
          </button>
        }
      >
        For gateways, scripts and dashboards. Only a hash of each secret is kept.
      </PageHead>
      <Card title="Tokens" flush>
        <Rows
          of={pages}
          more="Show earlier"
          empty={
            <Empty title="There are no tokens yet">
              <p>A gateway needs one with the scope emit; a script that reads, one with read.</p>
            </Empty>
          }
        >
          <DataTable
            label="Tokens"
            rows={rows}
            rowId={({ token_id }) => token_id}
            columns={[
              {
                header: 'Name',
                cell: ({ name, created_by }) => (
                  <span className="two-lines">
                    <Untrusted text={name} />
                    <Untrusted text={`by ${created_by}`} />
                  </span>
                ),
              },
              { header: 'Scopes', cell: ({ scopes }) => scopes.join(', ') },
              {
                header: 'State',
                cell: (token) => (
                  <span className={`badge ${isUsable(token) ? 'good' : 'plain'}`}>{token.state}</span>
                ),
              },
              { header: 'Made', cell: ({ created_at }) => <Moment at={created_at} /> },
              { header: 'Expires', cell: ({ expires_at }) => <Moment at={expires_at} /> },
              { header: 'Last used', cell: ({ last_used_at }) => <Moment at={last_used_at} style="ago" /> },
              {
                header: <span className="sr-only">Change</span>,
                numeric: true,
                cell: (token) =>
                  isUsable(token) ? (
                    <Menu
                      label={`Change ${token.name}`}
                      className="button quiet icon small"
                      trigger={<Icon name="more" />}
                    >
                      <MenuItem onClick={() => void rotate(token)}>
                        Rotate: new secret, the old works for a day
                      </MenuItem>
                      <MenuItem onClick={() => void revoke(token)}>End it now</MenuItem>
                    </Menu>
                  ) : null,
              },
            ]}
          />
        </Rows>
      </Card>
      {asking ? (
        <TokenDialog
          onClose={() => setAsking(false)}
          onMake={async (token) => {
            setMade(await call('createToken', { body: token }));
            setAsking(false);
            again();
          }}
        />
      ) : null}
      {made ? (
        <Dialog title={`Secret of ${made.token.name}`} open onClose={() => setMade(null)}>
          <p className="soft">It is shown this once. Whoever has it has the token's scopes.</p>
          <CodeBlock text={made.secret} label="Secret of the token" />
          {made.token.old_secret_until ? (
            <p className="soft">
              The secret before works until <Moment at={made.token.old_secret_until} style="full" />.
            </p>
          ) : null}
          <div className="dialog-foot">
            <button type="button" className="button primary" onClick={() => setMade(null)}>
              I have kept it
            </button>
          </div>
        </Dialog>
      ) : null}
    </>
  );
}

function isUsable({ state }: Token): boolean {
  return state === 'active' || state === 'rotating';
}
