import { Dialog as Base } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, type ReactNode, useDeferredValue, useState } from 'react';
import { ask } from '../api/queries.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { SeverityMark } from '../ui/severity.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { places } from './places.ts';
import { setPreferences } from './preferences.ts';

interface Choice {
  readonly id: string;
  readonly icon: IconName;
  readonly label: ReactNode;
  readonly note: ReactNode;
  readonly run: () => void;
}

/** Finds pages, keys and incidents by a few letters, and does what has no button nearby. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [cursor, setCursor] = useState(0);
  const wanted = useDeferredValue(text.trim());
  const searching = wanted.length >= 2;
  const keys = useQuery({ ...ask('listKeys', { query: { q: wanted, limit: 6 } }), enabled: searching });
  const incidents = useQuery({
    ...ask('listIncidents', { query: { q: wanted, limit: 6 } }),
    enabled: searching,
  });

  const matches = (label: string) => label.toLowerCase().includes(wanted.toLowerCase());
  const choices: Choice[] = [
    ...places
      .filter(({ label }) => matches(label))
      .map(({ to, label, icon, keys: chord }) => ({
        id: to,
        icon,
        label,
        note: chord.split(' ').map((key) => <kbd key={key}>{key}</kbd>),
        run: () => void navigate({ to }),
      })),
    ...((searching ? incidents.data?.items : undefined) ?? []).map((incident) => ({
      id: incident.incident_id,
      icon: 'incidents' as const,
      label: (
        <>
          {incident.title} · <Untrusted text={incident.key_name || incident.subject.id} />
        </>
      ),
      note: <SeverityMark severity={incident.severity} />,
      run: () => void navigate({ to: '/incidents/$id', params: { id: incident.incident_id } }),
    })),
    ...((searching ? keys.data?.items : undefined) ?? []).map((key) => ({
      id: `key ${key.key_id}`,
      icon: 'keys' as const,
      label: <Untrusted text={key.name || key.key_id} />,
      note: <Untrusted text={key.key_id} mono />,
      run: () => void navigate({ to: '/keys/$id', params: { id: key.key_id } }),
    })),
    ...settings.filter(({ label }) => matches(label)),
  ];
  const at = Math.min(cursor, choices.length - 1);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setCursor(Math.min(at + 1, choices.length - 1));
    else if (event.key === 'ArrowUp') setCursor(Math.max(at - 1, 0));
    else if (event.key === 'Enter') choose(choices[at]);
    else return;
    event.preventDefault();
  };
  const choose = (choice: Choice | undefined) => {
    if (!choice) return;
    onClose();
    choice.run();
  };

  return (
    <Base.Root open onOpenChange={(open) => open || onClose()}>
      <Base.Portal>
        <Base.Backdrop className="shade" />
        <Base.Popup className="dialog palette" aria-label="Search">
          <div className="palette-input">
            <Icon name="search" />
            <input
              role="combobox"
              aria-label="Search keys, incidents and pages"
              aria-expanded="true"
              aria-controls="palette-list"
              aria-activedescendant={choices[at] ? `choice-${at}` : undefined}
              placeholder="Key, owner, incident, page …"
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                setCursor(0);
              }}
              onKeyDown={onKeyDown}
            />
          </div>
          <div className="palette-list" id="palette-list" role="listbox" aria-label="Found">
            {choices.map((choice, index) => (
              <div
                key={choice.id}
                id={`choice-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === at}
                onMouseMove={() => setCursor(index)}
                onClick={() => choose(choice)}
                onKeyDown={onKeyDown}
              >
                <Icon name={choice.icon} /> <span className="cut">{choice.label}</span>
                <span className="note">{choice.note}</span>
              </div>
            ))}
            {choices.length === 0 ? (
              <p className="menu-label">
                {keys.isFetching
                  ? 'Searching …'
                  : 'Nothing found. Search finds a part of a name, owner or account, or the beginning or last four of a key id.'}
              </p>
            ) : null}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

const settings: readonly (Choice & { readonly label: string })[] = [
  { id: 'dark', icon: 'moon', label: 'Dark theme', note: '', run: () => setPreferences({ theme: 'dark' }) },
  { id: 'light', icon: 'sun', label: 'Light theme', note: '', run: () => setPreferences({ theme: 'light' }) },
  { id: 'utc', icon: 'clock', label: 'Times in UTC', note: '', run: () => setPreferences({ zone: 'utc' }) },
  {
    id: 'local',
    icon: 'clock',
    label: 'Times as on this machine',
    note: '',
    run: () => setPreferences({ zone: 'local' }),
  },
];
