import type { Silence as StoredSilence } from '@tripkey/alerter';
import type { Silence } from '@tripkey/contract/api';
import * as z from 'zod';
import type { AccessRecord } from '../access/access-record.ts';
import { conflict, notFound } from '../http/api-problem.ts';
import { fromCursor, pageFrom } from '../http/cursor.ts';
import type { HandlersOf } from '../http/handler.ts';
import type { AnswerParts } from './answer-parts.ts';
import { iso, minuteMs } from './times.ts';

const Place = z.tuple([z.int(), z.string()]);
type Kept = StoredSilence & { readonly hid: number };

/** What people do not want to be told of for a while. On record first: what hides messages is never without it. */
export function silenceAnswers(
  { alerting: { silences } }: AnswerParts,
  record: AccessRecord,
): HandlersOf<'listSilences' | 'addSilence' | 'endSilence'> {
  return {
    async listSilences({ query, at }) {
      const all = await silences.since(query.state === 'active' ? at : 0);
      const shown = all.filter(
        ({ until }) => query.state === 'all' || (query.state === 'active') === until > at,
      );
      const after = fromCursor(query.cursor, Place);
      const rows = shown.filter(
        (one) =>
          after === null ||
          one.created_at < after[0] ||
          (one.created_at === after[0] && one.silence_id > after[1]),
      );
      return pageFrom(
        rows,
        query.limit,
        (one) => [one.created_at, one.silence_id],
        (one) => toSilence(one, at),
        shown.length,
      );
    },
    async addSilence({ body, caller, wishId, at }) {
      const { minutes, reason, key_id, account_id, rule_id } = body;
      const silence_id = `sil_${wishId}`;
      const had = (await silences.since(0)).find((one) => one.silence_id === silence_id);
      if (had) {
        const same =
          had.reason === reason &&
          had.key_id === key_id &&
          had.account_id === account_id &&
          had.rule_id === rule_id;
        if (!same) throw conflict('this Idempotency-Key was used for another silence');
        return toSilence(had, at);
      }
      const silence = {
        ...{ silence_id, created_at: at, until: at + minutes * minuteMs, by: caller.id, reason },
        ...{ key_id, account_id, rule_id },
      };
      await record.write('silence_added', caller, silence);
      await silences.put(silence, at);
      return toSilence({ ...silence, hid: 0 }, at);
    },
    async endSilence({ params: { silence_id }, caller, at }) {
      const had = (await silences.since(0)).find((one) => one.silence_id === silence_id);
      if (!had) throw notFound(`silence ${silence_id}`);
      if (had.until <= at) return toSilence(had, at);
      const { hid, ...kept } = had;
      const ended = { ...kept, until: at };
      await record.write('silence_ended', caller, { silence_id });
      await silences.put(ended, at);
      return toSilence({ ...ended, hid }, at);
    },
  };
}

function toSilence({ created_at, until, ...one }: Kept, now: number): Silence {
  return { ...one, state: until > now ? 'active' : 'ended', created_at: iso(created_at), until: iso(until) };
}
