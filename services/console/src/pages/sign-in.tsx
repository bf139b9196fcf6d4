import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, setCsrfToken } from '../api/call.ts';
import { ask } from '../api/queries.ts';
import { ProblemNotice } from '../ui/problem-notice.tsx';
import './sign-in.css';

/** The ways in that this installation has. */
export function SignIn({ onSignedIn }: { readonly onSignedIn: () => void }) {
  const options = useQuery(ask('signInOptions', {}));
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Error | null>(null);
  const signIn = async () => {
    setBusy(true);
    setFault(null);
    try {
      const session = await call('signInByToken', { body: { token: token.trim() } });
      setCsrfToken(session.csrf_token);
      onSignedIn();
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)));
      setBusy(false);
    }
  };
  const { oidc, proxy, token: byToken = true } = options.data ?? { oidc: null, proxy: false };
  return (
    <main className="sign-in">
      <div className="card sign-in-card">
        <img src="/icon.svg" alt="" width="40" height="40" />
        <h1>Sign in to Tripkey</h1>
        {oidc ? (
          <a className="button primary" href={oidc.url}>
            Continue with {oidc.name}
          </a>
        ) : null}
        {proxy ? (
          <p className="soft">Your proxy says who you are here; it said nothing. Go through its address.</p>
        ) : null}
        {byToken ? (
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              void signIn();
            }}
          >
            <div className="field">
              <label htmlFor="token">API token</label>
              <input
                id="token"
                className="input mono"
                type="password"
                autoComplete="off"
                spellCheck={false}
                required
                minLength={20}
                placeholder="tripkey_…"
                value={token}
                onChange={(event) => setToken(event.target.value)}
              />
              <span className="hint">It is exchanged for a cookie that scripts cannot read.</span>
            </div>
            <button type="submit" className="button primary" disabled={busy || token.trim().length < 20}>
              {busy ? 'Signing in …' : 'Sign in'}
            </button>
          </form>
        ) : null}
        {fault ? <ProblemNotice error={fault} /> : null}
        {options.error ? (
          <ProblemNotice error={options.error} onRetry={() => void options.refetch()} />
        ) : null}
        <p className="muted">The first start prints a link that signs an admin in, once.</p>
      </div>
    </main>
  );
}
