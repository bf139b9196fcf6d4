import type { RouteId } from '@tripkey/contract/api';
import { addressOf } from '../api/call.ts';
import { Icon } from './icon.tsx';
import { Menu, MenuItem } from './menu.tsx';

/** Everything that the filters let through, as a file. The server streams it, safe for spreadsheets. */
export function ExportMenu({
  route,
  query,
  params,
}: {
  readonly route: RouteId;
  readonly query: object;
  readonly params?: object;
}) {
  const save = (format: 'csv' | 'ndjson') => {
    const link = document.createElement('a');
    link.href = addressOf(route, { ...(params ? { params } : {}), query: { ...query, format } });
    link.download = '';
    link.click();
  };
  return (
    <Menu
      label="Export"
      trigger={
        <>
          <Icon name="download" /> Export
        </>
      }
    >
      <MenuItem onClick={() => save('csv')}>CSV, for spreadsheets</MenuItem>
      <MenuItem onClick={() => save('ndjson')}>NDJSON, one object a line</MenuItem>
    </Menu>
  );
}
