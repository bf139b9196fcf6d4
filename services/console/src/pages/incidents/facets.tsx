import { severities } from '@tripkey/contract';
import type { IncidentFacets } from '@tripkey/contract/api';
import { type ReactNode, useState } from 'react';
import { formatCount } from '../../format/numbers.ts';
import { Icon } from '../../ui/icon.tsx';
import { severityWord } from '../../ui/severity.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import type { IncidentsSearch } from '../../url/page-search.ts';
import { stateWord } from '../incident/words.ts';
import { openStates, statesOf } from './to-query.ts';

interface FacetsProps {
  readonly facets: IncidentFacets | undefined;
  readonly search: IncidentsSearch;
  readonly onChange: (next: Partial<IncidentsSearch>) => void;
}

const allStates = [...openStates, 'resolved'] as const;

/** Filters with how much each would leave. */
export function Facets({ facets, search, onChange }: FacetsProps) {
  const [open, setOpen] = useState(false);
  const count = (of: keyof IncidentFacets, value: string) =>
    facets?.[of].find((one) => one.value === value)?.count ?? 0;
  const states = statesOf(search) ?? [...allStates];
  const flip = <T extends string>(values: readonly T[], value: T): T[] =>
    values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  const setStates = (next: (typeof allStates)[number][]) =>
    onChange({ state: next.length === 0 || next.length === allStates.length ? ['all'] : next });
  const filtered = Object.entries(search).some(([name, value]) => name !== 'row' && value !== undefined);
  return (
    <aside className="facets" aria-label="Filters" data-open={open}>
      <button
        type="button"
        className="button small facets-toggle"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        Filters <Icon name={open ? 'up' : 'down'} size={12} />
      </button>
      <Group title="State">
        {allStates.map((state) => (
          <Check
            key={state}
            label={stateWord(state)}
            count={count('state', state)}
            checked={states.includes(state)}
            onChange={() => setStates(flip(states, state))}
          />
        ))}
      </Group>
      <Group title="Severity">
        {severities.toReversed().map((severity) => (
          <Check
            key={severity}
            label={severityWord(severity)}
            count={count('severity', severity)}
            checked={search.severity?.includes(severity) ?? false}
            onChange={() => {
              const next = flip(search.severity ?? [], severity);
              onChange({ severity: next.length === 0 ? undefined : next });
            }}
          />
        ))}
      </Group>
      <Choices
        title="Rule"
        counts={facets?.rule_id ?? []}
        chosen={search.rule}
        onChange={(rule) => onChange({ rule })}
      />
      <Choices
        title="Application"
        counts={facets?.app_id ?? []}
        chosen={search.app}
        onChange={(app) => onChange({ app })}
      />
      {filtered ? (
        <button
          type="button"
          className="button quiet small"
          onClick={() =>
            onChange({
              state: undefined,
              severity: undefined,
              rule: undefined,
              app: undefined,
              q: undefined,
              from: undefined,
              to: undefined,
            })
          }
        >
          Clear filters
        </button>
      ) : null}
    </aside>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <fieldset className="facet">
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}

interface CheckProps {
  readonly label: string;
  readonly count: number;
  readonly checked: boolean;
  readonly onChange: () => void;
}

function Check({ label, count, checked, onChange }: CheckProps) {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} onChange={onChange} />
      <Untrusted text={label} cut />
      <span className="count">{formatCount(count)}</span>
    </label>
  );
}

interface ChoicesProps {
  readonly title: string;
  readonly counts: IncidentFacets['rule_id'];
  readonly chosen: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

const shownMax = 8;

function Choices({ title, counts, chosen, onChange }: ChoicesProps) {
  const shown = counts.slice(0, shownMax);
  const hidden = chosen !== undefined && !shown.some(({ value }) => value === chosen);
  if (counts.length === 0 && !hidden) return null;
  return (
    <Group title={title}>
      {[...shown, ...(hidden ? [{ value: chosen, count: 0 }] : [])].map(({ value, count }) => (
        <Check
          key={value}
          label={value || 'none'}
          count={count}
          checked={chosen === value}
          onChange={() => onChange(chosen === value ? undefined : value)}
        />
      ))}
      {counts.length > shownMax ? (
        <span className="muted">and {counts.length - shownMax} more: search for them</span>
      ) : null}
    </Group>
  );
}
