import { type IncidentEvent, isStoryEvent, toStoryLine } from '@tripkey/alerter';
import type { TimelineEntry } from '@tripkey/contract/api';
import * as z from 'zod';
import { fromCursor, pageFrom } from '../http/cursor.ts';
import type { HandlersOf } from '../http/handler.ts';
import type { AnswerParts } from './answer-parts.ts';
import { findIncident } from './incident-answers.ts';
import { iso } from './times.ts';

const Place = z.tuple([z.int()]);

/** Everything that happened to an incident. */
export function incidentTimelineAnswers(parts: AnswerParts): HandlersOf<'listIncidentTimeline'> {
  return {
    async listIncidentTimeline({ params: { incident_id }, query, signal }) {
      const { events } = await findIncident(parts, incident_id, signal);
      const after = fromCursor(query.cursor, Place);
      const rows = events.toReversed().filter(({ seq }) => after === null || seq < after[0]);
      return pageFrom(rows, query.limit, ({ seq }) => [seq], toEntry, events.length);
    },
  };
}

function toEntry(event: IncidentEvent): TimelineEntry {
  const { seq, at, kind } = event;
  const actor = 'by' in event && event.by ? ('by_name' in event && event.by_name) || event.by : 'system';
  return { seq, at: iso(at), kind, actor, text: textOf(event), data: { ...event } };
}

function textOf(event: IncidentEvent): string {
  if (isStoryEvent(event)) return toStoryLine(event).text;
  switch (event.kind) {
    case 'opened':
      return `Opened with severity ${event.severity}, risk ${Math.round(event.score * 10) / 10}.`;
    case 'finding_added':
      return `${event.finding.title} (${event.finding.rule_id}, score ${Math.round(event.finding.score * 10) / 10}).`;
    case 'message_sent':
      return `Told in ${event.channel}.`;
    case 'message_failed':
    case 'message_unknown':
    case 'message_returned':
      return `Message: ${event.reason}.`;
    case 'command_refused':
      return `${event.command} was not done: ${event.reason}`;
    case 'response_observed':
      return `Only observed: ${event.reason}.`;
    case 'response_held':
      return `Automatic stop is held: ${event.reason}.`;
    default:
      return `${event.kind.replaceAll('_', ' ')}.`;
  }
}
