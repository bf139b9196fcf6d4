import type { Token } from '@tripkey/contract/api';
import { type StoredToken, stateOf, type TokenBook } from '@tripkey/store';
import * as z from 'zod';
import type { AccessRecord } from '../access/access-record.ts';
import { notFound } from '../http/api-problem.ts';
import { fromCursor, pageFrom } from '../http/cursor.ts';
import type { HandlersOf } from '../http/handler.ts';
import { dayMs, iso, isoOrNull, minuteMs } from './times.ts';

const Place = z.tuple([z.int(), z.string()]);

/** Tokens of the API. Who gave whom access is on record before it works. */
export function tokenAnswers(
  tokens: TokenBook,
  record: AccessRecord,
): HandlersOf<'listTokens' | 'createToken' | 'rotateToken' | 'revokeToken'> {
  return {
    async listTokens({ query, at }) {
      const all = (await tokens.all()).filter(({ kind }) => kind === 'token');
      const after = fromCursor(query.cursor, Place);
      const rows = all.filter(
        (one) =>
          after === null ||
          one.created_at < after[0] ||
          (one.created_at === after[0] && one.token_id > after[1]),
      );
      return pageFrom(
        rows,
        query.limit,
        (one) => [one.created_at, one.token_id],
        (one) => toToken(one, at),
        all.length,
      );
    },
    async createToken({ body: { name, scopes, expires_in_days }, caller, at }) {
      const expiresAt = expires_in_days === null ? null : at + expires_in_days * dayMs;
      await record.write('token_created', caller, {
        token: name,
        scopes,
        expires_at: expiresAt && iso(expiresAt),
      });
      const { token, secret } = await tokens.create({ name, scopes, by: caller.id, expiresAt });
      return { token: toToken(token, at), secret };
    },
    async rotateToken({ params: { token_id }, body, caller, at }) {
      await record.write('token_rotated', caller, { token_id, overlap_minutes: body.overlap_minutes });
      const rotated = await tokens.rotate(token_id, at + body.overlap_minutes * minuteMs);
      if (!rotated) throw notFound(`token ${token_id} that works`);
      return { token: toToken(rotated.token, at), secret: rotated.secret };
    },
    async revokeToken({ params: { token_id }, caller, at }) {
      await record.write('token_revoked', caller, { token_id });
      const token = await tokens.revoke(token_id);
      if (!token) throw notFound(`token ${token_id}`);
      return toToken(token, at);
    },
  };
}

/** A token as people see it. */
export function toToken(token: StoredToken, now: number): Token {
  const state = stateOf(token, now);
  return {
    ...{ token_id: token.token_id, name: token.name, scopes: token.scopes, state },
    created_at: iso(token.created_at),
    created_by: token.created_by,
    expires_at: isoOrNull(token.expires_at),
    last_used_at: isoOrNull(token.used_at),
    old_secret_until: state === 'rotating' ? iso(token.old_until) : null,
  };
}
