import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { SqlResult } from '@tripkey/contract/api';
import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError, call } from '../../api/call.ts';
import { randomId } from '../../api/command.ts';
import { ask } from '../../api/queries.ts';
import { Answer } from '../../ui/answer.tsx';
import { PageHead } from '../../ui/card.tsx';
import { Icon } from '../../ui/icon.tsx';
import { toast } from '../../ui/toasts.tsx';
import { QueryFault } from './query-fault.tsx';
import { ResultTable } from './result-table.tsx';
import { saveAnswer } from './save-answer.ts';
import { SchemaBrowser } from './schema-browser.tsx';
import './sql.css';

const route = getRouteApi('/sql');
const example = `SELECT key_id, sum(requests) AS total, sum(denied) AS refused
FROM usage
WHERE minute > now() - INTERVAL 1 DAY
GROUP BY key_id
ORDER BY total DESC
LIMIT 20`;

type Outcome = { readonly result: SqlResult } | { readonly error: Error } | null;

/** Asks ClickHouse. The question is in the address, so that it can be sent to somebody. */
export function SqlPage() {
  const { sql: given } = route.useSearch();
  const navigate = route.useNavigate();
  const [sql, setSql] = useState(given ?? example);
  const [outcome, setOutcome] = useState<Outcome>(null);
  const [running, setRunning] = useState<{ id: string; abort: AbortController } | null>(null);
  const editor = useRef<HTMLTextAreaElement>(null);
  const schema = useQuery({ ...ask('getQuerySchema', {}), staleTime: 300_000 });

  // The address changed by the way back or a link.
  useEffect(() => {
    if (given !== undefined) setSql(given);
  }, [given]);

  const run = useCallback(async () => {
    const id = randomId();
    const abort = new AbortController();
    setRunning({ id, abort });
    setOutcome(null);
    void navigate({ to: '.', search: { sql }, replace: true });
    try {
      const result = await call('runQuery', {
        body: { sql, query_id: id, rows_max: 1_000, format: 'json' },
        signal: abort.signal,
      });
      setOutcome({ result });
    } catch (error) {
      if (!abort.signal.aborted)
        setOutcome({ error: error instanceof Error ? error : new Error(String(error)) });
    } finally {
      setRunning(null);
    }
  }, [sql, navigate]);

  const cancel = async () => {
    if (!running) return;
    running.abort.abort();
    setRunning(null);
    try {
      await call('cancelQuery', { params: { query_id: running.id } });
      toast('The query was stopped.');
    } catch (error) {
      // It had ended by itself.
      if (!(error instanceof ApiError && error.problem.status === 404))
        toast(`Not stopped: ${String(error)}`, true);
    }
  };
  const insert = (text: string) => {
    const field = editor.current;
    if (!field) return;
    field.focus();
    const { selectionStart, selectionEnd } = field;
    setSql(sql.slice(0, selectionStart) + text + sql.slice(selectionEnd));
  };
  const save = async (format: 'csv' | 'ndjson') => {
    try {
      await saveAnswer(sql, format);
    } catch (error) {
      toast(`Not saved: ${error instanceof Error ? error.message : String(error)}`, true);
    }
  };

  return (
    <>
      <PageHead title="SQL">
        One reading statement, at most 30 seconds, 1 GB and 10 million rows. Who asked what is on record.
      </PageHead>
      <div className="sql-layout">
        <div className="stack">
          <section className="card" aria-label="Query">
            <textarea
              ref={editor}
              className="sql-editor mono"
              aria-label="SQL"
              spellCheck={false}
              autoCapitalize="off"
              rows={Math.min(20, Math.max(7, sql.split('\n').length + 1))}
              value={sql}
              onChange={(event) => setSql(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
                  event.preventDefault();
                  if (!running) void run();
                } else if (event.key === 'Escape') event.currentTarget.blur();
              }}
            />
            <div className="card-foot button-row">
              {running ? (
                <button type="button" className="button" onClick={() => void cancel()}>
                  <Icon name="stop" /> Stop
                </button>
              ) : (
                <button
                  type="button"
                  className="button primary"
                  disabled={sql.trim() === ''}
                  onClick={() => void run()}
                >
                  <Icon name="play" /> Run
                </button>
              )}
              <kbd>Ctrl Enter</kbd>
              <span className="spacer" />
              <button type="button" className="button small" onClick={() => void save('csv')}>
                <Icon name="download" /> CSV
              </button>
              <button type="button" className="button small" onClick={() => void save('ndjson')}>
                NDJSON
              </button>
            </div>
          </section>
          <section className="card" aria-label="Result" aria-live="polite" aria-busy={running !== null}>
            {running ? <Progress queryId={running.id} /> : null}
            {outcome && 'error' in outcome ? <QueryFault error={outcome.error} sql={sql} /> : null}
            {outcome && 'result' in outcome ? <ResultTable result={outcome.result} /> : null}
            {!running && !outcome ? <p className="result-hint muted">The result comes here.</p> : null}
          </section>
        </div>
        <Answer of={schema}>
          {(data) => <SchemaBrowser schema={data} onInsert={insert} onSql={setSql} />}
        </Answer>
      </div>
    </>
  );
}

function Progress({ queryId }: { readonly queryId: string }) {
  const progress = useQuery({
    ...ask('getQuery', { params: { query_id: queryId } }),
    refetchInterval: 700,
    retry: false,
  });
  const { rows_read = null, rows_total = null } = progress.data ?? {};
  const share =
    rows_read !== null && rows_total !== null && rows_total > 0
      ? Math.min(1, rows_read / rows_total)
      : undefined;
  return (
    <div className="result-hint" role="status">
      Asking ClickHouse …
      <progress
        {...(share === undefined ? {} : { value: share })}
        max={1}
        aria-label="Progress of the query"
      />
    </div>
  );
}
