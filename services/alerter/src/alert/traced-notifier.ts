import type { Tracing } from '@tripkey/service-kit';
import type { OnTaken } from '@tripkey/stream';
import type { Notifier, Outgoing } from './notifier.ts';

/** Subjects whose last trace is remembered; of more, those that had none for longest are forgotten. */
const subjectsMax = 10_000;

/**
 * Which trace told last of a subject: its message is sent later, by another loop. A finding's record has its subject as
 * key.
 */
export class SubjectTraces {
  readonly #traceparents = new Map<string, string>();

  /** For the broker that findings are taken from. */
  readonly note: OnTaken = ({ key }, traceparent) => {
    if (!key || traceparent === undefined) return;
    const subject = Buffer.from(key).toString();
    this.#traceparents.delete(subject);
    this.#traceparents.set(subject, traceparent);
    if (this.#traceparents.size > subjectsMax)
      this.#traceparents.delete(this.#traceparents.keys().next().value!);
  };

  of(subject: string): string | undefined {
    return this.#traceparents.get(subject);
  }
}

/** The same notifier, whose posts and updates go on with the trace of the finding. Without tracing it is the notifier itself. */
export function tracedNotifier(notifier: Notifier, tracing: Tracing | null, traces: SubjectTraces): Notifier {
  if (tracing === null) return notifier;
  const traced = <T>(step: string, message: Outgoing, work: () => Promise<T>): Promise<T> => {
    const subject = message.kind === 'digest' ? null : message.alert.record.subject;
    const origin = subject === null ? undefined : traces.of(subject);
    // No key, no channel: a trace goes to more people than an alert does.
    const attributes = { 'tripkey.destination': notifier.name, 'tripkey.message': message.kind };
    return tracing.span(
      `${step} ${notifier.name}`,
      { kind: 'client', from: origin === undefined ? [] : [origin], attributes },
      work,
    );
  };
  return new Proxy(notifier, {
    get(target, name): unknown {
      if (name === 'post')
        return (...call: Parameters<Notifier['post']>) => traced('post', call[0], () => target.post(...call));
      if (name === 'update')
        return (...call: Parameters<Notifier['update']>) =>
          traced('update', call[1], () => target.update(...call));
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
