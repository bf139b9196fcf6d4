/**
 * Version of what is ended for ever, epoch ms: the last there is. A change that was under way elsewhere, or by one whose clock
 * is ahead, loses against it, also when ClickHouse merges the rows.
 */
export const lastVersion = Date.UTC(2200, 0, 1);
