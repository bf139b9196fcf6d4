import { useListedShortcuts } from '../keyboard/shortcuts.ts';
import { Dialog } from '../ui/dialog.tsx';

const always = [
  { keys: 'Ctrl K', what: 'Search everything, or do something' },
  { keys: 'Esc', what: 'Close, or leave a field' },
];

/** Every key that does something here and now. */
export function KeyboardHelp({ onClose }: { readonly onClose: () => void }) {
  const listed = useListedShortcuts();
  return (
    <Dialog title="Keyboard" open onClose={onClose}>
      <dl className="keys-help">
        {[...always, ...listed].map(({ keys, what }) => (
          <div key={`${keys} ${what}`} className="keys-row">
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
