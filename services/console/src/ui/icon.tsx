/** The console's icons: strokes on a grid of 16. */
const paths = {
  overview: 'M2.5 8.5h4v5h-4zM9.5 2.5h4v5h-4zM2.5 2.5h4v3h-4zM9.5 10.5h4v3h-4z',
  incidents: 'M8 2.2 14.2 13H1.8zM8 6.4v3.2M8 11.3v.2',
  keys: 'M10.5 9.5a4 4 0 1 0-3.7-2.6L2.5 11.2v2.3h2.6v-1.7h1.7v-1.6l1.2-1.2c.7.3 1.6.5 2.5.5zM11.4 4.7v.2',
  endpoints: 'M2.5 4h4l3 8h4M2.5 12h4l1-2.4M9 5.6 9.5 4h4',
  rules:
    'M2.5 4.5h6M12 4.5h1.5M2.5 11.5H4M7.5 11.5h6M8.5 4.5a1.7 1.7 0 1 0 3.5 0 1.7 1.7 0 1 0-3.5 0M4 11.5a1.7 1.7 0 1 0 3.5 0 1.7 1.7 0 1 0-3.5 0',
  actions: 'M8 1.8 13.2 4v3.6c0 3.2-2.1 5.5-5.2 6.6-3.1-1.1-5.2-3.4-5.2-6.6V4zM5.8 8l1.6 1.6 2.9-3.1',
  leaks: 'M8 2.2C10.4 5.2 12 7.2 12 9.6a4 4 0 0 1-8 0c0-2.4 1.6-4.4 4-7.4M6.2 10a2 2 0 0 0 1.6 1.8',
  audit: 'M3.5 2h6.8l2.2 2.2V14h-9zM6 6.5h4M6 9h4M6 11.5h2.5',
  pipeline: 'M1.5 8h3l2-5 3 10 2-5h3',
  sql: 'M2.5 3.5h11v9h-11zM5 6.5 6.8 8 5 9.5M8.5 10h2.5',
  tokens: 'M3 7.5h10V14H3zM5 7.5V5a3 3 0 0 1 6 0v2.5M8 10v1.5',
  silences: 'M4 11V7a4 4 0 0 1 6.6-3M12 7.6V11l1 1.2H5.5M6.8 14h2.4M2.5 13.5l11-11',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 1 0 0-9M10.4 10.4l3.1 3.1',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  more: 'M3.5 8v.01M8 8v.01M12.5 8v.01',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.5 6.5 12 13 4.5',
  down: 'M4 6.5 8 10.5l4-4',
  right: 'M6.5 4l4 4-4 4',
  up: 'M4 9.5l4-4 4 4',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  download: 'M8 2.5v7.5M4.8 7 8 10.2 11.2 7M2.5 13.5h11',
  moon: 'M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6z',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 1 0 0-5.6M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9',
  clock: 'M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2M8 4.8V8l2.3 1.6',
  person: 'M8 2.5a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 1 0 0-5.2M2.8 13.5c.5-2.6 2.5-4 5.2-4s4.7 1.4 5.2 4',
  table: 'M2.5 3h11v10h-11zM2.5 6.3h11M2.5 9.7h11M6.5 3v10',
  play: 'M4.5 3l8 5-8 5z',
  stop: 'M4 4h8v8H4z',
  shield: 'M8 1.8 13.2 4v3.6c0 3.2-2.1 5.5-5.2 6.6-3.1-1.1-5.2-3.4-5.2-6.6V4z',
  bell: 'M4 11V7a4 4 0 0 1 8 0v4l1 1.2H3zM6.8 14h2.4',
  keyboard: 'M1.5 4h13v8h-13zM4 6.5h.01M6.7 6.5h.01M9.3 6.5h.01M12 6.5h.01M5 9.5h6',
} as const;

export type IconName = keyof typeof paths;

/** Always beside words, or inside a control that has a label, so never read out. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
