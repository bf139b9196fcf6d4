import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { openLive, useLiveIncidents } from '../api/live.ts';
import { ask } from '../api/queries.ts';
import { pressed, useShortcuts } from '../keyboard/shortcuts.ts';
import { visibleText } from '../text/visible-runs.ts';
import { Icon } from '../ui/icon.tsx';
import { Toasts } from '../ui/toasts.tsx';
import { AccountMenu, ZoneSwitch } from './account-menu.tsx';
import { KeyboardHelp } from './keyboard-help.tsx';
import { Nav } from './nav.tsx';
import { Palette } from './palette.tsx';
import { places } from './places.ts';
import { refreshOnNews } from './refresh-on-news.ts';

/** What is around every page: menu, search, keyboard, messages. */
export function Shell() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [menuOpen, setMenuOpen] = useState(false);
  const [overlay, setOverlay] = useState<'palette' | 'help' | null>(null);
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const arrivedAt = useRef(path);

  useEffect(() => {
    addEventListener('keydown', pressed);
    const close = openLive();
    return () => {
      removeEventListener('keydown', pressed);
      close();
    };
  }, []);
  const [onNews] = useState(() => refreshOnNews(client));
  useLiveIncidents(onNews);

  // Another page begins at its top, for the eye as for a screen reader.
  useEffect(() => {
    if (arrivedAt.current === path) return;
    arrivedAt.current = path;
    main.current?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }, [path]);

  useShortcuts([
    ...places.map(({ to, label, keys }) => ({
      keys,
      what: `Go to ${label}`,
      run: () => void navigate({ to }),
    })),
    { keys: '/', what: 'Search', run: () => focusSearch() || setOverlay('palette') },
    { keys: '?', what: 'Show this help', run: () => setOverlay('help') },
  ]);
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setOverlay('palette');
    };
    addEventListener('keydown', open);
    return () => removeEventListener('keydown', open);
  }, []);

  return (
    <div className="shell">
      <a className="skip" href="#content">
        Skip to content
      </a>
      <Nav open={menuOpen} onGo={() => setMenuOpen(false)} />
      {menuOpen ? (
        <button
          type="button"
          className="nav-shade"
          aria-label="Close menu"
          onClick={() => setMenuOpen(false)}
        />
      ) : null}
      <div className="main">
        <div className="topbar">
          <button
            type="button"
            className="button quiet icon menu-button"
            aria-label="Menu"
            aria-expanded={menuOpen}
            onClick={() => setMenuOpen(!menuOpen)}
          >
            <Icon name="menu" />
          </button>
          <button type="button" className="search-button" onClick={() => setOverlay('palette')}>
            <Icon name="search" /> <span className="cut">Search or jump to …</span>
            <kbd className="wide-only">Ctrl K</kbd>
          </button>
          <span className="spacer" />
          <ZoneSwitch />
          <button
            type="button"
            className="button quiet icon wide-only"
            aria-label="Keyboard help"
            onClick={() => setOverlay('help')}
          >
            <Icon name="keyboard" />
          </button>
          <AccountMenu />
        </div>
        <Banners />
        <main className="content" id="content" tabIndex={-1} ref={main}>
          <Outlet />
        </main>
      </div>
      {overlay === 'palette' ? <Palette onClose={() => setOverlay(null)} /> : null}
      {overlay === 'help' ? <KeyboardHelp onClose={() => setOverlay(null)} /> : null}
      <Toasts />
    </div>
  );
}

/** Puts the cursor into the page's own search field, if it has one. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('input[data-search]');
  field?.focus();
  field?.select();
  return field !== null;
}

/** What everybody has to know, on every page: automatic response is off, or the data are not whole. */
function Banners() {
  const { data: status } = useQuery(ask('getStatus', {}));
  const faults = status?.pipeline.faults ?? [];
  return (
    <>
      {status?.kill_switch.on ? (
        <div className="banner bad" role="status">
          The kill switch is on: no key is stopped without a person. {visibleText(status.kill_switch.reason)}
        </div>
      ) : null}
      {faults.length > 0 ? (
        <div className="banner" role="status">
          {faults[0]}
          {faults.length > 1 ? ` And ${faults.length - 1} more, see Pipeline.` : ''}
        </div>
      ) : null}
    </>
  );
}
