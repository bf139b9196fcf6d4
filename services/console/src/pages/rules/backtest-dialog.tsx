import type { BacktestRequest, RuleSummary } from '@tripkey/contract/api';
import { useState } from 'react';
import { Dialog, DialogFoot } from '../../ui/dialog.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { useSubmit } from '../../ui/use-submit.ts';

interface BacktestDialogProps {
  readonly rules: readonly RuleSummary[];
  readonly onClose: () => void;
  /** @throws ApiError when it cannot be started */
  readonly onStart: (request: BacktestRequest) => Promise<void>;
}

const dayMs = 86_400_000;
const spans = [7, 14, 28, 56];

/** Asks which rule, with which values, over how long. */
export function BacktestDialog({ rules, onClose, onStart }: BacktestDialogProps) {
  const [ruleId, setRuleId] = useState(rules[0]?.rule_id ?? '');
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [days, setDays] = useState(14);
  const rule = rules.find(({ rule_id }) => rule_id === ruleId);

  const { submit, busy, fault } = useSubmit(async () => {
    const changed = Object.fromEntries(
      Object.entries(values)
        .filter(([, text]) => text.trim() !== '')
        .map(([name, text]) => [name, read(text.trim())]),
    );
    const to = Date.now();
    await onStart({
      parameters: Object.keys(changed).length > 0 ? { [ruleId]: changed } : {},
      from: new Date(to - days * dayMs).toISOString(),
      to: new Date(to).toISOString(),
      note: '',
    });
  });

  return (
    <Dialog title="Backtest" open onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <SelectField
          id="backtest-rule"
          label="Rule"
          value={ruleId}
          options={rules.map(({ rule_id, title }) => ({ value: rule_id, label: title }))}
          onChange={(next) => {
            setRuleId(next);
            setValues({});
          }}
        />
        {(rule?.parameters ?? []).map((parameter) => (
          <div className="field" key={parameter.name}>
            <label htmlFor={`parameter-${parameter.name}`}>
              <code>{parameter.name}</code>
            </label>
            <input
              id={`parameter-${parameter.name}`}
              className="input mono"
              placeholder={`${write(parameter.value)}, as it is`}
              value={values[parameter.name] ?? ''}
              onChange={(event) => setValues({ ...values, [parameter.name]: event.target.value })}
            />
            <span className="hint">{parameter.description}</span>
          </div>
        ))}
        <SelectField
          id="backtest-days"
          label="History"
          hint="The first days only teach."
          value={days}
          options={spans.map((span) => ({ value: span, label: `The past ${span} days` }))}
          onChange={setDays}
        />
        <DialogFoot
          onClose={onClose}
          confirm={busy ? 'Starting …' : 'Run it'}
          disabled={busy}
          fault={fault}
        />
      </form>
    </Dialog>
  );
}

/** A typed value as JSON if it is some, else as text. */
function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function write(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
