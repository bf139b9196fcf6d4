import type { BudgetSolution, RuleSummary } from '@tripkey/contract/api';
import { useEffect, useRef, useState } from 'react';
import { call } from '../../api/call.ts';
import { Dialog, DialogFoot } from '../../ui/dialog.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { SolutionOfBudget } from './solution-of-budget.tsx';

interface BudgetDialogProps {
  readonly rules: readonly RuleSummary[];
  /** What is said to be bearable, alerts a week. */
  readonly perWeek: number | null;
  readonly onClose: () => void;
}

const dayMs = 86_400_000;
const spans = [14, 28, 56];
const limits = [
  { name: 'pages_per_week', label: 'Alerts a week', hint: 'that people can bear' },
  { name: 'high_per_week', label: 'High or critical', hint: 'empty: no limit' },
  { name: 'critical_per_week', label: 'Critical', hint: 'empty: no limit' },
] as const;
type Limits = Readonly<Record<(typeof limits)[number]['name'], string>>;

/** Asks how many alerts are bearable, and shows the thresholds that keep to it with what they would have missed. */
export function BudgetDialog({ rules, perWeek, onClose }: BudgetDialogProps) {
  const [given, setGiven] = useState<Limits>({
    ...{ pages_per_week: String(perWeek ?? ''), high_per_week: '', critical_per_week: '' },
  });
  const [without, setWithout] = useState('');
  const [days, setDays] = useState(28);
  const [solution, setSolution] = useState<BudgetSolution | null>(null);
  const asked = useRef<AbortController>(null);
  // Whoever closes it needs no answer, and the next one may be solved.
  useEffect(() => () => asked.current?.abort(), []);

  const { submit, busy, fault } = useSubmit(async () => {
    const to = Date.now();
    const limit = (text: string) => (text.trim() === '' ? undefined : Number(text));
    const stop = new AbortController();
    asked.current = stop;
    const body = {
      pages_per_week: Number(given.pages_per_week),
      high_per_week: limit(given.high_per_week),
      critical_per_week: limit(given.critical_per_week),
      without: without === '' ? [] : [without],
      from: new Date(to - days * dayMs).toISOString(),
      to: new Date(to).toISOString(),
    };
    setSolution(await call('solveBudget', { body, signal: stop.signal }));
  });

  return (
    <Dialog title="Thresholds for a budget" open onClose={onClose}>
      <form
        className="stack"
        onChange={() => setSolution(null)}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p className="soft">
          Incidents are made again from what was found, with other thresholds. Nothing is changed by it.
        </p>
        <div className="grid-3">
          {limits.map(({ name, label, hint }) => (
            <div className="field" key={name}>
              <label htmlFor={name}>{label}</label>
              <input
                id={name}
                className="input"
                type="number"
                min={0}
                step="any"
                required={name === 'pages_per_week'}
                value={given[name]}
                onChange={(event) => setGiven({ ...given, [name]: event.target.value })}
              />
              <span className="hint">{hint}</span>
            </div>
          ))}
        </div>
        <div className="grid-2">
          <SelectField
            id="budget-without"
            label="Without a rule"
            value={without}
            options={[
              { value: '', label: 'with all of them' },
              ...rules.map(({ rule_id, title }) => ({ value: rule_id, label: title })),
            ]}
            onChange={setWithout}
          />
          <SelectField
            id="budget-days"
            label="History"
            hint="Time before there was traffic counts as quiet."
            value={days}
            options={spans.map((span) => ({ value: span, label: `The past ${span} days` }))}
            onChange={setDays}
          />
        </div>
        {solution ? <SolutionOfBudget solution={solution} /> : null}
        <DialogFoot
          onClose={onClose}
          cancel="Close"
          confirm={busy ? 'Solving …' : 'Solve'}
          disabled={busy}
          fault={fault}
        />
      </form>
    </Dialog>
  );
}
