import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useConnection } from '../api/live.ts';
import { ask } from '../api/queries.ts';
import { formatCount } from '../format/numbers.ts';
import { Icon } from '../ui/icon.tsx';
import { groups, places } from './places.ts';

const refreshMs = 30_000;

/** The pages, with how much waits on them. */
export function Nav({ open, onGo }: { readonly open: boolean; readonly onGo: () => void }) {
  const { data } = useQuery({ ...ask('getStatus', {}), refetchInterval: refreshMs });
  const waiting: Readonly<Record<string, { count: number; what: string; tone: string }>> = {
    '/incidents': {
      count: data?.incidents_unattended ?? 0,
      what: 'nobody has in hand',
      tone: data && data.incidents_critical > 0 ? 'critical' : 'high',
    },
    '/actions': { count: data?.operations_waiting ?? 0, what: 'wait for a person', tone: 'accent' },
  };
  return (
    <nav className="nav" data-open={open} aria-label="Pages">
      <div className="brand">
        <BrandMark /> Tripkey
      </div>
      {groups.map((group) => (
        <div className="nav-group" key={group}>
          <span>{group}</span>
          <ul>
            {places
              .filter((place) => place.group === group)
              .map(({ to, label, icon }) => (
                <li key={to}>
                  <Link to={to} activeOptions={{ exact: to === '/', includeSearch: false }} onClick={onGo}>
                    <Icon name={icon} /> {label}
                    {waiting[to] && waiting[to].count > 0 ? (
                      <span className={`badge ${waiting[to].tone}`}>
                        {formatCount(waiting[to].count)}
                        <span className="sr-only"> {waiting[to].what}</span>
                      </span>
                    ) : null}
                  </Link>
                </li>
              ))}
          </ul>
        </div>
      ))}
      <div className="nav-foot">
        <LiveMark />
      </div>
    </nav>
  );
}

function BrandMark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="var(--accent)" />
      <path
        d="M5 20h8m6 0h8M13 20l6-8"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
      <circle cx="13" cy="20" r="2.4" fill="var(--on-accent)" />
    </svg>
  );
}

function LiveMark() {
  const connection = useConnection();
  const said = { connecting: 'Connecting …', live: 'Live', lost: 'Not live: trying again' }[connection];
  return (
    <span className="live-mark soft" role="status">
      <span className={`dot ${connection === 'live' ? 'good' : connection === 'lost' ? 'bad' : ''}`} /> {said}
    </span>
  );
}
