import { useState } from 'react';
import { usePreferences } from '../shell/preferences.ts';
import { allTime, nameRange, parseMoment, ranges } from '../url/time-range.ts';
import { Dialog } from './dialog.tsx';
import { Icon } from './icon.tsx';
import { Menu, MenuItem } from './menu.tsx';

interface RangePickerProps {
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** What is looked at without a choice; null where that is everything. */
  readonly fallback: string | null;
  readonly onChange: (range: { from: string | undefined; to: string | undefined }) => void;
}

/** Chooses a span of time: a usual one, or by typing its ends. */
export function RangePicker({ from, to, fallback, onChange }: RangePickerProps) {
  const { zone } = usePreferences();
  const [typing, setTyping] = useState(false);
  const label = nameRange(from ?? fallback ?? undefined, to, zone);
  return (
    <>
      <Menu
        label={`Time range: ${label}`}
        trigger={
          <>
            <Icon name="clock" /> {label} <Icon name="down" size={12} />
          </>
        }
      >
        {fallback === null ? (
          <MenuItem onClick={() => onChange({ from: undefined, to: undefined })}>{allTime}</MenuItem>
        ) : null}
        {ranges.map((range) => (
          <MenuItem key={range.from} onClick={() => onChange({ from: range.from, to: undefined })}>
            {range.label}
          </MenuItem>
        ))}
        <div className="menu-line" />
        <MenuItem onClick={() => setTyping(true)}>Other …</MenuItem>
      </Menu>
      {typing ? (
        <TypedRange
          from={from ?? fallback ?? 'now-28d'}
          to={to ?? 'now'}
          onClose={() => setTyping(false)}
          onChange={(range) => {
            setTyping(false);
            onChange(range);
          }}
        />
      ) : null}
    </>
  );
}

interface TypedRangeProps {
  readonly from: string;
  readonly to: string;
  readonly onClose: () => void;
  readonly onChange: (range: { from: string; to: string }) => void;
}

function TypedRange({ onClose, onChange, ...given }: TypedRangeProps) {
  const [from, setFrom] = useState(given.from);
  const [to, setTo] = useState(given.to);
  const [fault, setFault] = useState<string | null>(null);
  const use = () => {
    const now = Date.now();
    const fromMs = parseMoment(from.trim(), now);
    const toMs = parseMoment(to.trim(), now);
    if (fromMs === undefined || toMs === undefined)
      setFault('Write now-6h, or a time such as 2026-03-05T10:00:00Z.');
    else if (fromMs >= toMs) setFault('The beginning is not before the end.');
    else onChange({ from: from.trim(), to: to.trim() });
  };
  return (
    <Dialog title="Span of time" open onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          use();
        }}
      >
        <div className="field">
          <label htmlFor="range-from">From</label>
          <input
            id="range-from"
            className="input mono"
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor="range-to">To</label>
          <input
            id="range-to"
            className="input mono"
            value={to}
            onChange={(event) => setTo(event.target.value)}
          />
          <span className="hint">now, now-90m, now-7d, or a time such as 2026-03-05T10:00:00Z</span>
          {fault ? (
            <span className="fault" role="alert">
              {fault}
            </span>
          ) : null}
        </div>
        <div className="dialog-foot">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary">
            Look at it
          </button>
        </div>
      </form>
    </Dialog>
  );
}
