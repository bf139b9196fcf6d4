import type { GatewayHeartbeat } from '@tripkey/contract';
import { readEventTime } from '../event-time.ts';
import type { LeakListener, SecretFirewall } from '../firewall/secret-firewall.ts';
import type { Rejection } from '../validate.ts';

/** A row of `gateway_heartbeats_v1`; times are epoch ms. */
export interface HeartbeatRow {
  readonly gateway: string;
  readonly started_at: number;
  readonly sent_at: number;
  readonly heard_at: number;
  readonly every_s: number;
  readonly ended: 0 | 1;
  readonly emitted: number;
  readonly sent: number;
  readonly waiting: number;
  readonly retries: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly emitter: string;
}

/** A clock that is ahead by more than this is not one to go by, ms: the run would be the latest one until that time. */
const aheadMsMax = 86_400_000;

/**
 * The row of a heartbeat, without what looks like a secret; or why it cannot be one.
 * @param heardAt when it came, on our clock, epoch ms
 */
export function toHeartbeatRow(
  beat: GatewayHeartbeat,
  heardAt: number,
  firewall: SecretFirewall,
  onLeak: LeakListener,
): HeartbeatRow | Rejection {
  const started_at = readEventTime(beat.started_at);
  const sent_at = readEventTime(beat.sent_at);
  const isTime = (time: number) => time <= heardAt + aheadMsMax; // false for NaN
  if (!isTime(started_at) || !isTime(sent_at)) {
    return { reason: 'bad_time', detail: 'started_at, sent_at: before 2001 or more than a day ahead' };
  }
  const lost = Object.entries(beat.dropped).filter(([, count]) => count > 0);
  return {
    gateway: firewall.id('gateway', beat.gateway, onLeak),
    ...{ started_at, sent_at, heard_at: heardAt },
    every_s: beat.every_s,
    ended: beat.ended ? 1 : 0,
    ...{ emitted: beat.emitted, sent: beat.sent, waiting: beat.waiting, retries: beat.retries },
    dropped: Object.fromEntries(lost.map(([why, count]) => [firewall.text('dropped', why, onLeak), count])),
    emitter: beat.emitter ? firewall.text('emitter', beat.emitter, onLeak) : '',
  };
}
