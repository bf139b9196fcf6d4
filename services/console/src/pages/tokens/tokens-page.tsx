import { useQueryClient } from '@tanstack/react-query';
import type { Token, TokenWithSecret } from '@tripkey/contract/api';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useMay } from '../../shell/session.tsx';
import { Card, Empty, PageHead } from '../../ui/card.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Rows } from '../../ui/rows.tsx';
import { Scroll } from '../../ui/scroll.tsx';
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
  const { rows, hasMore, loadMore } = pages;
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
          empty={
            <Empty title="There are no tokens yet">
              <p>A gateway needs one with the scope emit; a script that reads, one with read.</p>
            </Empty>
          }
        >
          <Scroll label="Tokens">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Scopes</th>
                  <th scope="col">State</th>
                  <th scope="col">Made</th>
                  <th scope="col">Expires</th>
                  <th scope="col">Last used</th>
                  <th scope="col">
                    <span className="sr-only">Change</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((token) => (
                  <TokenRow
                    key={token.token_id}
                    token={token}
                    onRotate={() =>
                      void attempt('Not rotated', async () =>
                        setMade(
                          await call('rotateToken', { params: { token_id: token.token_id }, body: {} }),
                        ),
                      )
                    }
                    onRevoke={() =>
                      void attempt('Not ended', async () => {
                        await call('revokeToken', { params: { token_id: token.token_id } });
                        toast('The token is ended.');
                      })
                    }
                  />
                ))}
              </tbody>
            </table>
          </Scroll>
        </Rows>
        {hasMore ? (
          <div className="card-foot">
            <button type="button" className="button small" onClick={loadMore}>
              Show earlier
            </button>
          </div>
        ) : null}
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

interface TokenRowProps {
  readonly token: Token;
  readonly onRotate: () => void;
  readonly onRevoke: () => void;
}

function TokenRow({ token, onRotate, onRevoke }: TokenRowProps) {
  const usable = token.state === 'active' || token.state === 'rotating';
  return (
    <tr>
      <td>
        <span className="two-lines">
          <Untrusted text={token.name} />
          <Untrusted text={`by ${token.created_by}`} />
        </span>
      </td>
      <td>{token.scopes.join(', ')}</td>
      <td>
        <span className={`badge ${usable ? 'good' : 'plain'}`}>{token.state}</span>
      </td>
      <td>
        <Moment at={token.created_at} />
      </td>
      <td>
        <Moment at={token.expires_at} />
      </td>
      <td>
        <Moment at={token.last_used_at} style="ago" />
      </td>
      <td className="num">
        {usable ? (
          <Menu
            label={`Change ${token.name}`}
            className="button quiet icon small"
            trigger={<Icon name="more" />}
          >
            <MenuItem onClick={onRotate}>Rotate: new secret, the old works for a day</MenuItem>
            <MenuItem onClick={onRevoke}>End it now</MenuItem>
          </Menu>
        ) : null}
      </td>
    </tr>
  );
}
