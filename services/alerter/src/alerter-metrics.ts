import type { Metrics } from '@tripkey/service-kit';

/** What the alerter counts; see each help text for what a rise means. */
export function alerterMetrics(metrics: Metrics) {
  return {
    findings: metrics.counter('tripkey_alerter_findings_total', 'Findings taken from the topic'),
    ignored: metrics.counter(
      'tripkey_alerter_findings_ignored_total',
      'Findings that change nothing: duplicate (normal after a restart), pending_evicted (more weak findings ' +
        'than memory allows), unreadable (another version?)',
      ['reason'],
    ),
    opened: metrics.counter('tripkey_alerts_total', 'Incidents opened', ['severity']),
    open: metrics.gauge('tripkey_alerts_open', 'Incidents that are open'),
    outbox: metrics.gauge(
      'tripkey_outbox_waiting',
      'Messages that are to be sent and are not; stays high when the destination refuses or limits us',
      ['destination'],
    ),
    notifications: metrics.counter(
      'tripkey_notifications_total',
      'Calls to where people read alerts; failed ones need somebody to act',
      ['destination', 'method', 'result'],
    ),
    actions: metrics.counter('tripkey_actions_total', 'Steps of operations on keys', ['action', 'result']),
    circuitOpened: metrics.counter(
      'tripkey_circuit_open_total',
      'Stops that were proposed only because a cap was reached: find out why so many keys are found',
    ),
    detectorBehind: metrics.gauge(
      'tripkey_detector_behind_seconds',
      'How long ago the detector judged everything that had arrived; grows without end when it, or ingest, has stopped',
    ),
    commands: metrics.counter('tripkey_commands_total', 'What people asked for', ['command', 'result']),
    interactions: metrics.counter(
      'tripkey_interactions_total',
      'Clicks that came to us; any result but taken is one that was turned away: forged and out_of_time mean that ' +
        'somebody else than Slack calls',
      ['result'],
    ),
    responseErrors: metrics.counter(
      'tripkey_response_errors_total',
      'Steps of the response that failed and are tried again: the store or an issuer does not answer',
    ),
    stoppedSeconds: metrics.histogram(
      'tripkey_action_effective_seconds',
      'From the opening of an incident to the issuer confirming that its key is stopped',
      [1, 2, 5, 10, 30, 60, 300, 1800],
    ),
  };
}
export type AlerterMetrics = ReturnType<typeof alerterMetrics>;
