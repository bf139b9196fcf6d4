import type { Severity } from '@tripkey/contract';

const words: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
};

/** How many of the four bars are filled. */
const bars: Readonly<Record<Severity, number>> = { critical: 4, high: 3, medium: 2, low: 1, info: 0 };

/** A severity as a word, a shape and a colour: any one of them is enough. */
export function SeverityMark({ severity, short }: { readonly severity: Severity; readonly short?: boolean }) {
  return (
    <span className={`severity ${severity}`}>
      <svg width="14" height="12" viewBox="0 0 14 12" aria-hidden="true">
        {[0, 1, 2, 3].map((bar) => (
          <rect
            key={bar}
            x={bar * 3.6}
            y={8 - bar * 2.6}
            width="2.5"
            height={4 + bar * 2.6}
            rx="0.8"
            fill="currentColor"
            opacity={bar < bars[severity] ? 1 : 0.22}
          />
        ))}
      </svg>
      {short ? <span className="sr-only">{words[severity]}</span> : words[severity]}
    </span>
  );
}

export function severityWord(severity: Severity): string {
  return words[severity];
}
