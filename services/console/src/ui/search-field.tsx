import { useEffect, useRef, useState } from 'react';
import { Icon } from './icon.tsx';

interface SearchFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

const pauseMs = 250;

/** Searches as one types, after a short pause; `/` goes to it, Escape leaves it. */
export function SearchField({ label, placeholder, value, onChange }: SearchFieldProps) {
  const [text, setText] = useState(value ?? '');
  const [given, setGiven] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (given !== value) {
    // The address changed by something else than typing here, such as the way back.
    setGiven(value);
    setText(value ?? '');
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const say = (next: string) => {
    const cleaned = next.trim() === '' ? undefined : next.trim();
    setGiven(cleaned);
    onChange(cleaned);
  };
  return (
    <div className="search-field">
      <Icon name="search" />
      <input
        type="search"
        className="input"
        data-search
        aria-label={label}
        placeholder={placeholder}
        value={text}
        maxLength={256}
        onChange={(event) => {
          const next = event.target.value;
          setText(next);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => say(next), pauseMs);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          if (event.key !== 'Enter') return;
          clearTimeout(timer.current);
          say(text);
        }}
      />
    </div>
  );
}
