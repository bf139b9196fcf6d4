import type { KeySummary } from '@tripkey/contract/api';
import {
  hoursOfKeys,
  type KeyBookRow,
  keysCount,
  keysPage,
  openIncidentsOfKeys,
} from '@tripkey/store/reading';
import * as z from 'zod';
import { fromCursor, pageFrom } from '../http/cursor.ts';
import type { HandlersOf } from '../http/handler.ts';
import type { AnswerParts } from './answer-parts.ts';
import { isoOrNull } from './times.ts';

const Place = z.tuple([z.string(), z.int(), z.string()]);

/** The list of keys: those that issuers told of and those that were only seen. */
export function keyListAnswers({ store }: AnswerParts): HandlersOf<'listKeys'> {
  return {
    async listKeys({ query, at, signal }) {
      const { sort, order, limit, status } = query;
      const { q = '', account_id = '', app_id = '', owner = '', hygiene = '' } = query;
      const [tag = '', ...value] = (query.tag ?? '').split(':');
      const filters = {
        now: at,
        q,
        status,
        account_id,
        app_id,
        owner,
        tag,
        tag_value: value.join(':'),
        hygiene,
      };
      const after = fromCursor(query.cursor, Place);
      const place =
        after?.[0] === `${sort} ${order}`
          ? { has_place: true, after_value: after[1], after_key: after[2] }
          : { has_place: false, after_value: 0, after_key: '' };
      const [rows, counted] = await Promise.all([
        store.ask(keysPage(sort, order), { ...filters, ...place, rows: limit + 1 }, signal),
        after ? null : store.ask(keysCount, filters, signal),
      ]);
      const keys = rows.slice(0, limit).map(({ key_id }) => key_id);
      const [hours, incidents] = await Promise.all([
        keys.length === 0 ? [] : store.ask(hoursOfKeys, { keys, now: at }, signal),
        keys.length === 0 ? [] : store.ask(openIncidentsOfKeys, { keys }, signal),
      ]);
      const hoursByKey = Map.groupBy(hours, ({ key_id }) => key_id);
      const incidentByKey = new Map(incidents.map(({ key_id, ...incident }) => [key_id, incident]));
      return pageFrom(
        rows,
        limit,
        ({ sorted, key_id }) => [`${sort} ${order}`, sorted, key_id],
        (row): KeySummary => {
          const own = hoursByKey.get(row.key_id) ?? [];
          const hours_24h = Array.from({ length: 24 }, () => 0);
          for (const { hour, requests } of own) hours_24h[Math.min(23, hour)]! += requests;
          return {
            ...toKeyHead(row),
            requests_24h: hours_24h.reduce((sum, requests) => sum + requests, 0),
            denied_24h: own.reduce((sum, { denied }) => sum + denied, 0),
            hours_24h,
            open_incident: incidentByKey.get(row.key_id) ?? null,
          };
        },
        counted?.[0]?.keys ?? null,
      );
    },
  };
}

/** What every view of a key begins with. */
export function toKeyHead(row: z.infer<typeof KeyBookRow>) {
  const { key_id, lineage_id, account_id, app_id, name, owner, status, scopes, tags } = row;
  return {
    ...{
      key_id,
      lineage_id,
      account_id,
      app_id,
      name,
      owner,
      status,
      protected: row.protected,
      scopes,
      tags,
    },
    created_at: isoOrNull(row.created_at),
    expires_at: isoOrNull(row.expires_at),
    rotated_at: isoOrNull(row.rotated_at),
    revoked_at: isoOrNull(row.revoked_at),
    first_used_at: isoOrNull(row.first_used_at),
    last_used_at: isoOrNull(row.last_used_at),
    last_accepted_at: isoOrNull(row.last_accepted_at),
  };
}
