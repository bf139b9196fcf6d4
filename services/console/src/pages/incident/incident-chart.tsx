import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { IncidentDetail } from '@tripkey/contract/api';
import { useMemo } from 'react';
import { ask } from '../../api/queries.ts';
import { type Measure, measureName, measures, toChartData } from '../../chart/chart-data.ts';
import { TimeChart } from '../../chart/time-chart.tsx';
import { Answer } from '../../ui/answer.tsx';
import { Card } from '../../ui/card.tsx';
import { parseMoment } from '../../url/time-range.ts';

const route = getRouteApi('/incidents/$id');

const hourMs = 3_600_000;
const minuteMs = 60_000;

/**
 * The span of the chart: what the address says, else from three hours before the incident to one after its last finding,
 * or to now.
 */
function lookedAt(incident: IncidentDetail, from: string | undefined, to: string | undefined, nowMs: number) {
  const openedMs = Date.parse(incident.opened_at);
  const lastMs = Math.max(openedMs, Date.parse(incident.last_finding_at));
  const read = (text: string | undefined) => (text === undefined ? undefined : parseMoment(text, nowMs));
  const fromMs = read(from) ?? Math.floor(openedMs / minuteMs) * minuteMs - 3 * hourMs;
  const toMs = read(to) ?? Math.min(Math.ceil(nowMs / minuteMs) * minuteMs, lastMs + hourMs);
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(Math.max(toMs, fromMs + minuteMs)).toISOString(),
  };
}

/** The traffic around the incident against what was expected. Dragging over it looks closer. */
export function IncidentChart({ incident }: { readonly incident: IncidentDetail }) {
  const search = route.useSearch();
  const { from, to, measure = 'requests' } = search;
  const navigate = route.useNavigate();
  const range = useMemo(() => lookedAt(incident, from, to, Date.now()), [incident, from, to]);
  const chart = useQuery({
    ...ask('getIncidentChart', { params: { incident_id: incident.incident_id }, query: range }),
    refetchInterval: incident.state === 'resolved' ? false : 10_000,
    placeholderData: (before) => before,
  });
  const data = useMemo(
    () => (chart.data ? toChartData(chart.data, measure) : undefined),
    [chart.data, measure],
  );
  const look = (next: { from: string | undefined; to: string | undefined }) =>
    void navigate({ to: '.', search: { ...search, ...next }, replace: true });
  const choose = (next: Measure) =>
    void navigate({
      to: '.',
      search: { ...search, measure: next === 'requests' ? undefined : next },
      replace: true,
    });
  return (
    <Card
      title="Traffic"
      note={chart.data && !chart.data.baseline.ready ? chart.data.baseline.reason : undefined}
      tools={
        <>
          {from || to ? (
            <button
              type="button"
              className="button small"
              onClick={() => look({ from: undefined, to: undefined })}
            >
              Whole incident
            </button>
          ) : null}
          <fieldset className="segments wide-only" aria-label="What to show">
            {measures.map((one) => (
              <button key={one} type="button" aria-pressed={one === measure} onClick={() => choose(one)}>
                {measureName(one)}
              </button>
            ))}
          </fieldset>
        </>
      }
    >
      <Answer of={chart}>
        {() =>
          data ? (
            <TimeChart
              data={data}
              height={240}
              onRange={(fromMs, toMs) =>
                look({ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() })
              }
            />
          ) : null
        }
      </Answer>
    </Card>
  );
}
