import { GatewayHeartbeat } from '@tripkey/contract';
import type { Metrics } from '@tripkey/service-kit';
import { type DeadLetter, deadLetter, redactElement, redactText } from '../dead-letter.ts';
import { visitElements } from '../elements.ts';
import { createSecretFirewall, type LeakKind } from '../firewall/secret-firewall.ts';
import type { Leak } from '../pipeline.ts';
import { pipelineMetrics } from '../pipeline-metrics.ts';
import type { Arrival, Position } from '../position.ts';
import { describeIssues, type Rejection } from '../validate.ts';
import { type HeartbeatRow, toHeartbeatRow } from './heartbeat-row.ts';

export interface HeartbeatReaderParts {
  /** Secret of this installation, as for the pipeline. */
  readonly pepper: string | Uint8Array;
  readonly metrics: Metrics;
  readonly onLeak?: (leak: Leak) => void;
}

/** What became of a message: every element is exactly one row or one dead letter. */
export interface TakenHeartbeats {
  readonly rows: readonly HeartbeatRow[];
  readonly deadLetters: readonly DeadLetter[];
}

/** From the bytes of a message to heartbeats: one, an array or NDJSON. Never throws. */
export interface HeartbeatReader {
  /**
   * @param arrivedAtMs when ingest took the message in, epoch ms
   * @param heardAtMs when it came, on our clock, epoch ms; before `arrivedAtMs` when it waited to be read
   */
  take(message: Uint8Array, position: Position, arrivedAtMs: number, heardAtMs: number): TakenHeartbeats;
}

const fields = Object.keys(GatewayHeartbeat.shape);

export function createHeartbeatReader({ pepper, metrics, onLeak }: HeartbeatReaderParts): HeartbeatReader {
  const firewall = createSecretFirewall(pepper);
  const counts = pipelineMetrics(metrics);
  const beats = metrics.counter(
    'tripkey_ingest_heartbeats_total',
    'Heartbeats of gateways, by what became of them: accepted, rejected (something else than our emitter sends them)',
    ['result'],
  );

  function read(element: unknown, heardAtMs: number, noteLeak: Note): HeartbeatRow | Rejection {
    if (typeof element !== 'object' || element === null || Array.isArray(element)) {
      return { reason: 'not_an_object', detail: 'a heartbeat is a JSON object' };
    }
    const parsed = GatewayHeartbeat.safeParse(element);
    if (!parsed.success) return { reason: 'invalid_field', detail: describeIssues(parsed.error) };
    return toHeartbeatRow(parsed.data, heardAtMs, firewall, noteLeak);
  }

  return {
    take(message, position, arrivedAtMs, heardAtMs) {
      const rows: HeartbeatRow[] = [];
      const deadLetters: DeadLetter[] = [];
      let leaks: [field: string, kind: LeakKind][] = [];
      const noteLeak: Note = (field, kind) => void leaks.push([field, kind]);

      function reportLeaks(gateway: string): void {
        for (const [field, kind] of leaks) {
          counts.secret(field, kind);
          onLeak?.({ gateway, field, kind, keyId: '', arrivedAtMs, position });
        }
        leaks = [];
      }
      function reject(rejection: Rejection, original: string, arrival: Arrival): void {
        beats.inc({ result: 'rejected' });
        counts.deadLetter(rejection.reason);
        deadLetters.push(deadLetter(original, rejection, arrival));
        reportLeaks('');
      }
      visitElements(message, {
        element(value, idx) {
          const result = read(value, heardAtMs, noteLeak);
          if ('reason' in result) {
            leaks = []; // what was found will be found again
            const original = redactElement(value, firewall, noteLeak, fields);
            reject(result, original, { position, idx, arrivedAtMs });
            return;
          }
          beats.inc({ result: 'accepted' });
          rows.push(result);
          reportLeaks(result.gateway);
        },
        unreadable(reason, text, idx) {
          const original = redactText(text, firewall, noteLeak);
          reject({ reason, detail: '' }, original, { position, idx, arrivedAtMs });
        },
      });
      return { rows, deadLetters };
    },
  };
}

type Note = (field: string, kind: LeakKind) => void;
