import { useQuery } from '@tanstack/react-query';
import type { PolicyTrial } from '@tripkey/contract/api';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { ask } from '../../api/queries.ts';
import { formatCount, formatShare, plural } from '../../format/numbers.ts';
import { useMay } from '../../shell/session.tsx';
import { Answer } from '../../ui/answer.tsx';
import { Card } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { KillSwitch } from './kill-switch.tsx';

/** What the policy does where none of its rules matches. */
const everythingElse = {
  name: 'everything else',
  mode: 'observe',
  matches: 'people are told, nothing is done',
} as const;
const modeTones = { act: 'critical', propose: 'medium', observe: 'plain' } as const;

/** What may be done without asking, and what another policy would have done. */
export function PolicyPanel() {
  const policy = useQuery(ask('getPolicy', {}));
  return (
    <Answer of={policy}>
      {(data) => (
        <>
          <div className="figures">
            <KillSwitch state={data.kill_switch} />
            <div className="figure">
              <span className="name">Stopped by itself in 24 h</span>
              <span className="value">{formatCount(data.stops_24h)}</span>
              <span className="under">of {formatCount(data.caps.per_day)} at most</span>
            </div>
            <div className="figure">
              <span className="name">Caps</span>
              <span className="value">{formatCount(data.caps.per_hour)} an hour</span>
              <span className="under">and {formatShare(data.caps.active_keys_share)} of active keys</span>
            </div>
            <div className="figure">
              <span className="name">Issuers</span>
              <span className="value">{formatCount(data.issuers.length)}</span>
              <span className="under">
                {data.issuers.map(({ name, kind }) => (kind ? `${name} (${kind})` : name)).join(', ') ||
                  'none: no key can be stopped'}
              </span>
            </div>
          </div>
          {data.warnings.map((warning) => (
            <p className="notice warn" key={warning}>
              {warning}
            </p>
          ))}
          <Card title="Rules of the policy" note="the first that matches decides" flush>
            <DataTable
              label="Rules of the policy"
              rows={[...data.rules, everythingElse]}
              rowId={({ name }) => name}
              columns={[
                { header: 'Rule', className: 'strong', cell: ({ name }) => name },
                {
                  header: 'Mode',
                  cell: ({ mode }) => <span className={`badge ${modeTones[mode]}`}>{mode}</span>,
                },
                { header: 'Matches', cell: ({ matches }) => matches },
              ]}
            />
          </Card>
          <Trial yaml={data.yaml} />
        </>
      )}
    </Answer>
  );
}

/** Tries a changed policy against what was found in the past week. It changes nothing. */
function Trial({ yaml }: { readonly yaml: string }) {
  const may = useMay('triage');
  const [text, setText] = useState(yaml);
  const [said, setSaid] = useState<readonly string[]>([]);
  const [result, setResult] = useState<PolicyTrial | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    setResult(null);
    try {
      const check = await call('checkPolicy', { body: { yaml: text } });
      setSaid([...check.faults, ...check.warnings]);
      if (check.usable) setResult(await call('tryPolicy', { body: { yaml: text } }));
    } catch (error) {
      setSaid([error instanceof Error ? error.message : String(error)]);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card title="Try a change" note="against the findings of the past week; nothing is done">
      <form
        className="stack-s"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <textarea
          className="textarea mono"
          aria-label="Policy"
          rows={12}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="button-row">
          <button type="submit" className="button" disabled={busy || !may}>
            {busy ? 'Trying …' : 'Try it'}
          </button>
          {result ? (
            <span>
              It would have stopped <strong>{plural(result.counts.act, 'key')}</strong>, proposed{' '}
              {formatCount(result.counts.propose)}, held {formatCount(result.counts.held)} and observed{' '}
              {formatCount(result.counts.observe)}.
              {result.act_on_false_positive > 0 ? (
                <strong> {plural(result.act_on_false_positive, 'stop')} would have been wrong.</strong>
              ) : null}
            </span>
          ) : null}
        </div>
        {said.map((line) => (
          <p className="notice warn" key={line} role="alert">
            {line}
          </p>
        ))}
      </form>
    </Card>
  );
}
