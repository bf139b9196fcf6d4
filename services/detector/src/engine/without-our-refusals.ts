import type { Activity } from './activity.ts';

/**
 * What a key did, without the requests that are refused because we stopped it: they are our own doing.
 * @param stoppedAt when we stopped it, epoch ms; undefined when we did not
 */
export function withoutOurRefusals(
  activity: readonly Activity[],
  stoppedAt: number | undefined,
): readonly Activity[] {
  if (stoppedAt === undefined) return activity;
  return activity.flatMap((row) => {
    const { denied, requests } = row.traffic;
    if (denied === 0 || row.minute + 60_000 <= stoppedAt) return [row];
    if (denied >= requests) return [];
    return [{ ...row, traffic: { ...row.traffic, requests: requests - denied, denied: 0 } }];
  });
}
