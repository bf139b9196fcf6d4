import { kafkajsModule } from './internals.ts';

export interface RequestQueue {
  pending: unknown[];
  /** Epoch ms; in the past when the broker does not throttle us. */
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  scheduleCheckPendingRequests(): void;
}

/**
 * The trap: after every answer kafkajs plans a look at its queue of requests, also when nothing is queued, with a delay
 * in the past: an endless timer of 1 ms on every idle connection (https://github.com/tulios/kafkajs/issues/1556),
 * and from Node 24 on a TimeoutNegativeWarning (https://github.com/tulios/kafkajs/issues/1751).
 */
export function patchEmptyQueueTimer(): void {
  const { prototype } = kafkajsModule<{ prototype: RequestQueue }>('network/requestQueue');
  const { scheduleCheckPendingRequests } = prototype;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length === 0 && this.throttledUntil <= Date.now()) return;
    scheduleCheckPendingRequests.call(this);
  };
}
