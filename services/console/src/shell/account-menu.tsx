import { Menu as Base } from '@base-ui/react/menu';
import { useQueryClient } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { toast } from '../ui/toasts.tsx';
import { setPreferences, type Theme, usePreferences } from './preferences.ts';
import { useSession } from './session.tsx';

const themes: readonly { theme: Theme; label: string }[] = [
  { theme: 'system', label: 'As the system' },
  { theme: 'light', label: 'Light' },
  { theme: 'dark', label: 'Dark' },
];

/** Who I am, how it looks, and the way out. */
export function AccountMenu() {
  const session = useSession();
  const client = useQueryClient();
  const { theme } = usePreferences();
  const signOut = async () => {
    try {
      await call('signOut', {});
      client.clear();
      location.assign('/');
    } catch (error) {
      toast(`Not signed out: ${error instanceof Error ? error.message : String(error)}`, true);
    }
  };
  return (
    <Menu label="Account" className="button quiet icon" trigger={<Icon name="person" />}>
      <div className="menu-label">
        <strong>{session.name}</strong>
        <br />
        {session.role ?? `token: ${session.scopes.join(', ')}`}
      </div>
      <div className="menu-line" />
      <Base.RadioGroup value={theme} onValueChange={(next: Theme) => setPreferences({ theme: next })}>
        {themes.map(({ theme: value, label }) => (
          <Base.RadioItem className="menu-item" key={value} value={value} closeOnClick>
            <Base.RadioItemIndicator keepMounted className="menu-check">
              <Icon name="check" size={12} />
            </Base.RadioItemIndicator>
            {label}
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
      <div className="menu-line" />
      <MenuItem onClick={() => void signOut()}>Sign out</MenuItem>
    </Menu>
  );
}

/** In which zone times are written. */
export function ZoneSwitch() {
  const { zone } = usePreferences();
  return (
    <fieldset className="segments" aria-label="Time zone">
      <button type="button" aria-pressed={zone === 'utc'} onClick={() => setPreferences({ zone: 'utc' })}>
        UTC
      </button>
      <button type="button" aria-pressed={zone === 'local'} onClick={() => setPreferences({ zone: 'local' })}>
        Local
      </button>
    </fieldset>
  );
}
