import type { IncidentSummary, LiveIncident } from '@tripkey/contract/api';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useLiveIncidents } from '../../api/live.ts';
import { plural } from '../../format/numbers.ts';
import { Icon } from '../../ui/icon.tsx';
import { refreshRow } from './patch-listed.ts';

/**
 * Says that there are new incidents and shows them when asked: rows never move under somebody's mouse. What happens to
 * an incident that is listed is shown in its row, where it stands.
 */
export function NewsBar({
  known,
  onShow,
}: {
  readonly known: readonly IncidentSummary[];
  readonly onShow: () => void;
}) {
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const listed = useRef(new Set<string>());
  listed.current = new Set(known.map((row) => row.incident_id));

  const onNews = useCallback(({ incident_id, kind }: LiveIncident) => {
    if (listed.current.has(incident_id)) void refreshRow(incident_id);
    else if (kind === 'opened') setFresh((before) => new Set(before).add(incident_id));
  }, []);
  useLiveIncidents(onNews);

  // What has come into the list in the meantime is not new any more.
  useEffect(() => {
    setFresh((before) => {
      const left = [...before].filter((id) => !known.some((row) => row.incident_id === id));
      return left.length === before.size ? before : new Set(left);
    });
  }, [known]);

  return (
    <div role="status">
      {fresh.size > 0 ? (
        <button
          type="button"
          className="news-bar"
          onClick={() => {
            setFresh(new Set());
            onShow();
          }}
        >
          <Icon name="up" size={12} /> {plural(fresh.size, 'new incident')}: show
        </button>
      ) : null}
    </div>
  );
}
