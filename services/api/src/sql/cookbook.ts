import { readFileSync } from 'node:fs';
import type { CookbookEntry } from '@tripkey/contract/api';

const page = new URL('../../../../docs/sql-cookbook.md', import.meta.url);

/** The questions of docs/sql-cookbook.md: a heading, what is asked, and the SQL. */
export function readCookbook(): CookbookEntry[] {
  const text = readFileSync(page, 'utf8');
  return text
    .split(/^## /m)
    .slice(1)
    .flatMap((part) => {
      const [, title = '', question = '', sql = ''] =
        /^(.+)\n([\s\S]*?)```sql\n([\s\S]*?)```/.exec(part) ?? [];
      return sql === '' ? [] : [{ title: title.trim(), question: question.trim(), sql: sql.trim() }];
    });
}
