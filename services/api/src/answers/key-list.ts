import type { KeySummary } from '@tripkey/contract/api';
import {
  hoursOfKeys,
  type KeyBookRow,
  type KeyFilter,
  keysNamed,
  keysPage,
  openIncidentsOfKeys,
} from '@tripkey/store/reading';
import * as z from 'zod';
import { fromCursor, pageFrom } from '../http/cursor.ts';
import type { HandlersOf } from '../http/handler.ts';
import type { AnswerParts } from './answer-parts.ts';
import { isoOrNull } from './times.ts';

const Place = (order: string) => z.tuple([z.literal(order), z.int(), z.string()]);

/** The list of keys: those that issuers told of and those that were only seen. */
export function keyListAnswers({ store }: AnswerParts): HandlersOf<'listKeys'> {
  return {
    async listKeys({ query, at, signal }) {
      const { sort, order, limit, status, q = '', account_id = '', app_id = '', owner = '' } = query;
      const [tag = '', ...value] = (query.tag ?? '').split(':');
      const filters = { q, status, account_id, app_id, owner, tag };
      const given = (Object.keys(filters) as KeyFilter[]).filter((name) => filters[name].length > 0);
      const after = fromCursor(query.cursor, Place(`${sort} ${order}`));
      const place = { has_place: after !== null, after_value: after?.[1] ?? 0, after_key: after?.[2] ?? '' };
      const rows = await store.ask(
        keysPage(sort, order, given, query.hygiene ?? null),
        { now: at, ...filters, tag_value: value.join(':'), ...place, rows: limit + 1 },
        signal,
      );
      const page = pageFrom(
        rows,
        limit,
        ({ sorted, key_id }) => [`${sort} ${order}`, sorted, key_id],
        ({ key_id }) => key_id,
        after ? null : (rows[0]?.total ?? 0),
      );
      return { ...page, items: await summariesOf(page.items, at, signal) };
    },
  };

  /** In the order of the keys; one that was erased meanwhile is left out. */
  async function summariesOf(
    keys: readonly string[],
    at: number,
    signal: AbortSignal,
  ): Promise<KeySummary[]> {
    if (keys.length === 0) return [];
    const named = { keys: [...keys] };
    const [rows, hours, incidents] = await Promise.all([
      store.ask(keysNamed, named, signal),
      store.ask(hoursOfKeys, { ...named, now: at }, signal),
      store.ask(openIncidentsOfKeys, named, signal),
    ]);
    const rowByKey = new Map(rows.map((row) => [row.key_id, row]));
    const hoursByKey = Map.groupBy(hours, ({ key_id }) => key_id);
    const incidentByKey = new Map(incidents.map(({ key_id, ...incident }) => [key_id, incident]));
    return keys.flatMap((key) => {
      const row = rowByKey.get(key);
      if (!row) return [];
      const own = hoursByKey.get(key) ?? [];
      const hours_24h = Array.from({ length: 24 }, () => 0);
      for (const { hour, requests } of own) hours_24h[Math.min(23, hour)]! += requests;
      return [
        {
          ...toKeyHead(row),
          requests_24h: hours_24h.reduce((sum, requests) => sum + requests, 0),
          denied_24h: own.reduce((sum, { denied }) => sum + denied, 0),
          hours_24h,
          open_incident: incidentByKey.get(key) ?? null,
        },
      ];
    });
  }
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
