import type { Clock, Logger } from '@tripkey/service-kit';
import type { AlerterMetrics } from '../alerter-metrics.ts';
import type { Incident } from '../incident/incident.ts';
import type { Journal } from '../journal.ts';
import { type Silence, silenceOf } from '../people/silence.ts';
import type { Surveyor } from '../survey/surveyor.ts';
import type { AlertContext } from './alert-message.ts';
import { BackOff } from './back-off.ts';
import { digestFor, isOnlyDigested, membersOf, toDigestMessage } from './digest.ts';
import { messageIdOf } from './message-id.ts';
import type { DeliveryPacing, Notifier } from './notifier.ts';
import { type DeliveryStep, nextDelivery, nextDigest, type Outlet, outletOf } from './outbox.ts';
import { Pacing } from './pacing.ts';

/** Slack's: one message a second and channel; tier 3, 50 a minute, for the rest. */
const slackPacing: DeliveryPacing = { postsPerSecond: 1, callsPerSecond: 0.8 };

export interface DelivererParts {
  readonly journal: Journal;
  readonly notifier: Notifier;
  /** Whether it is the one where people talk about incidents; others carry their name in the ids of messages. */
  readonly isMain: boolean;
  /** Looks at a key's traffic before people are told of it. */
  readonly surveyor: Surveyor;
  readonly context: (incident: Incident) => AlertContext;
  /** What people do not want to be told of now. */
  readonly silences: () => readonly Silence[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: AlerterMetrics;
  readonly pacing?: DeliveryPacing | undefined;
  /** New incidents within a minute that are told one by one, where the notifier has digests. */
  readonly digestAbove?: number | undefined;
}

type Post = Extract<DeliveryStep, { kind: 'post' }>;

/** A message is posted again only after it was looked for this often, this far apart. */
const looksMin = 2;
const lookEveryMs = 10_000;
const digestAboveDefault = 10;
/** What is most urgent is looked at again after this time, ms: a critical incident does not wait for a hundred others. */
const planMsMax = 250;
/** For each ms that it takes to see what is due: time for other work before it is looked at again. */
const restPerPlan = 3;
/** Being told late is worse than being told without a chart. */
const surveyMsMax = 3_000;

/**
 * Sends what the incidents have to say, the most urgent first, as fast as the destination takes it.
 *
 * Effects of a post, in order; its delivery id is the same in every attempt:
 *   1. `message_sending` in the log (a crash before it: begun anew)
 *   2. the post (a crash after 1: looked for by its id, and posted again only when it is not there)
 *   3. `message_sent`, `_unknown`, `_returned` or `_failed` in the log (a crash before it: the same as after 1)
 * An update may be repeated, so it is only logged afterwards.
 */
export class Deliverer {
  readonly #parts: DelivererParts;
  readonly #outlet: Outlet;
  readonly #digests: boolean;
  readonly #posts: Pacing;
  readonly #calls: Pacing;
  /** Updates that did not go through, by their message. */
  readonly #backOff = new BackOff();
  /** What is due is not looked at before, epoch ms. */
  #restUntil = 0;
  readonly #looks = new Map<string, { count: number; nextAt: number }>();

  /** Incidents with nothing to say until they change, which makes them another object. */
  readonly #done = new WeakSet<Incident>();

  constructor(parts: DelivererParts) {
    this.#parts = parts;
    this.#outlet = outletOf(parts.notifier, parts.isMain);
    this.#digests = parts.isMain && parts.notifier.digests === true;
    const { postsPerSecond, callsPerSecond } = parts.pacing ?? slackPacing;
    this.#posts = new Pacing({ perSecond: postsPerSecond, burstMax: Math.max(4, postsPerSecond) });
    this.#calls = new Pacing({ perSecond: callsPerSecond, burstMax: Math.max(10, callsPerSecond) });
  }

  /** Takes every incident's messages one step on, as far as pacing allows. */
  async step(signal: AbortSignal): Promise<void> {
    if (this.#parts.clock.now() < this.#restUntil) return;
    let isCut = true;
    while (isCut && !signal.aborted) isCut = await this.#round(signal);
  }

  /** @returns whether it was cut short, because something more urgent may have come. */
  async #round(signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#parts;
    const startedAt = clock.now();
    const plan = await this.#plan();
    const plannedAt = clock.now();
    this.#restUntil = plannedAt + restPerPlan * (plannedAt - startedAt);
    const due = await this.#digest(plan);
    for (const step of due) {
      if (signal.aborted) return false;
      // Only after something was done: what merely waits for its turn must not keep the process from other work.
      if ((await this.#do(step, signal)) && clock.now() - plannedAt >= planMsMax) return true;
    }
    return false;
  }

  /** What is due, the most urgent first. */
  async #plan(): Promise<DeliveryStep[]> {
    const { journal, clock, metrics } = this.#parts;
    const due: DeliveryStep[] = [];
    let waiting = 0;
    const all = journal.incidents();
    if (this.#digests) {
      for (const host of all.filter((one) => one.digest === one.id)) {
        const digest = toDigestMessage(host, membersOf(host, all), this.#parts.context);
        const step = nextDigest(host, digest, clock.now());
        if (typeof step === 'object') due.push(step);
        else if (step === 'wait') waiting += 1;
      }
    }
    for (const incident of all) {
      if (this.#done.has(incident)) continue;
      if (this.#digests && isOnlyDigested(incident)) continue;
      const step = await this.#next(incident);
      if (step === 'done') this.#done.add(incident);
      else if (step === 'wait') waiting += 1;
      else if (step !== 'hidden') due.push(step);
    }
    metrics.outbox.set({ destination: this.#parts.notifier.name }, due.length + waiting);
    return due.sort((a, b) => a.urgency - b.urgency);
  }

  async #next(incident: Incident) {
    const hidden = await this.#hidden(incident);
    const context = this.#parts.context(incident);
    return nextDelivery(incident, context, this.#parts.clock.now(), hidden, this.#outlet);
  }

  /** Whether a silence hides it; that it does is in the log, once for each silence. */
  async #hidden(incident: Incident): Promise<boolean> {
    const { journal, clock, silences, notifier } = this.#parts;
    if (notifier.isArchive) return false;
    const silence = silenceOf(incident, silences(), clock.now());
    if (!silence) return false;
    const { silence_id, until } = silence;
    // An archive may have it already: it counts for those who would be told.
    const isNews = incident.state === 'open' && !incident.deliveries.has(messageIdOf(incident.id));
    if (isNews && incident.silencedBy !== silence_id)
      await journal.record(incident.id, { kind: 'silenced', silence_id, until });
    return true;
  }

  /** @returns whether it was its turn. */
  async #do(step: DeliveryStep, signal: AbortSignal): Promise<boolean> {
    const now = this.#parts.clock.now();
    if (step.kind === 'look' && now < (this.#looks.get(step.deliveryId)?.nextAt ?? 0)) return false;
    if (step.kind === 'update' && !this.#backOff.isDue(step.deliveryId, now)) return false;
    const pacing = step.kind === 'post' ? this.#posts : this.#calls;
    if (!pacing.take(now)) return false;
    if (step.kind === 'post') {
      const surveyed = await this.#survey(step, signal);
      if (surveyed === null) this.#posts.giveBack();
      else await this.#post(surveyed, signal);
    } else if (step.kind === 'look') await this.#look(step, signal);
    else await this.#update(step, signal);
    return true;
  }

  /** Puts new incidents into a digest when many come at once. @returns the steps of the others */
  async #digest(due: readonly DeliveryStep[]): Promise<readonly DeliveryStep[]> {
    const { journal, clock, digestAbove = digestAboveDefault } = this.#parts;
    if (!this.#digests) return due;
    /** New incidents that get messages of their own now. */
    let own = 0;
    const hostOf = (incident: Incident) =>
      digestFor(incident, journal.incidents(), clock.now(), digestAbove - own);
    const digested = new Set<DeliveryStep>();
    for (const step of due) {
      const incident = journal.get(step.incidentId);
      if (!incident || step.kind !== 'post' || step.message.kind !== 'alert') continue;
      if (incident.digest !== null || incident.deliveries.has(step.deliveryId)) continue;
      if (hostOf(incident) === null) own += 1;
      else digested.add(step);
    }
    const put = [...digested].map(({ incidentId }) =>
      journal.decide(incidentId, (incident) => {
        const host = incident.digest === null ? hostOf(incident) : null;
        return host === null ? [] : [{ kind: 'digested', host }];
      }),
    );
    await Promise.all(put);
    return due.filter((step) => !digested.has(step));
  }

  /**
   * Takes the survey of an incident that people are about to be told of.
   * @returns the post as it is with it; null when there is nothing to post any more
   */
  async #survey(step: Post, signal: AbortSignal): Promise<Post | null> {
    const { journal, surveyor, clock, log, isMain } = this.#parts;
    const incident = journal.get(step.incidentId);
    if (!isMain || !incident || incident.keyId === null || incident.survey || step.message.kind !== 'alert')
      return step;
    const span = { sinceMs: surveyFrom(incident, clock.now()), untilMs: clock.now() };
    const limited = AbortSignal.any([signal, AbortSignal.timeout(surveyMsMax)]);
    const survey = await surveyor.survey(incident.keyId, span, limited).catch((err: unknown) => {
      log.warn({ err, incident: incident.id }, "cannot look at a key's traffic, people are told without it");
      return { chart: null, blast_radius: null };
    });
    await journal.record(incident.id, { kind: 'surveyed', ...survey });
    const next = await this.#next(journal.get(incident.id)!);
    return typeof next === 'object' && next.kind === 'post' ? next : null;
  }

  async #post(step: Post, signal: AbortSignal): Promise<void> {
    const { journal, notifier } = this.#parts;
    const { incidentId, deliveryId: delivery_id, attempt } = step;
    await journal.record(incidentId, { kind: 'message_sending', delivery_id, attempt }); // 1
    const outcome = await notifier.post(step.message, delivery_id, signal).catch((error: unknown) => {
      // An adapter does not throw; one that does has left open what it did.
      return { kind: 'unknown', reason: String(error) } as const;
    }); // 2
    this.#count('post', outcome.kind);
    if (outcome.kind === 'sent') {
      const sent = { ...outcome.ref, content: step.content };
      await journal.record(incidentId, { kind: 'message_sent', delivery_id, ...sent }); // 3
      this.#looks.delete(delivery_id);
      return;
    }
    const reason = outcome.reason.slice(0, 500);
    if (outcome.kind === 'returned') this.#posts.pause(this.#parts.clock.now() + outcome.retryAfterMs);
    if (outcome.kind === 'failed') {
      this.#parts.log.error(
        { incident: incidentId, reason },
        'an alert cannot be posted until somebody acts',
      );
    }
    await journal.record(incidentId, { kind: `message_${outcome.kind}`, delivery_id, reason }); // 3
  }

  async #look(step: Extract<DeliveryStep, { kind: 'look' }>, signal: AbortSignal): Promise<void> {
    const { journal, notifier, clock, log } = this.#parts;
    const { incidentId, deliveryId: delivery_id, sinceMs, thread, message } = step;
    const looks = this.#looks.get(delivery_id) ?? { count: 0, nextAt: 0 };
    this.#looks.set(delivery_id, { ...looks, nextAt: clock.now() + lookEveryMs });
    let found: Awaited<ReturnType<Notifier['find']>>;
    try {
      found = await notifier.find(delivery_id, { sinceMs, thread, message }, signal);
    } catch (err) {
      this.#count('find', 'failed');
      log.warn({ err, incident: incidentId }, 'cannot look for a message whose posting had no clear outcome');
      return;
    }
    this.#count('find', found ? 'found' : 'not_found');
    if (found) {
      // What stands there may be of an earlier attempt; a content that differs makes the next step an update.
      await journal.record(incidentId, { kind: 'message_sent', delivery_id, ...found, content: 'adopted' });
      this.#looks.delete(delivery_id);
    } else if (looks.count + 1 >= looksMin) {
      this.#looks.delete(delivery_id);
      await journal.record(incidentId, { kind: 'message_returned', delivery_id, reason: 'not posted' });
    } else {
      this.#looks.set(delivery_id, { count: looks.count + 1, nextAt: clock.now() + lookEveryMs });
    }
  }

  async #update(step: Extract<DeliveryStep, { kind: 'update' }>, signal: AbortSignal): Promise<void> {
    const { journal, notifier, clock, log } = this.#parts;
    const { incidentId, deliveryId: delivery_id, content } = step;
    const outcome = await notifier
      .update(step.ref, step.message, signal)
      .catch((error: unknown) => ({ kind: 'thrown', reason: String(error) }) as const);
    this.#count('update', outcome.kind);
    // An adapter does not throw. Machines go by the last thing that they were told: it is sent until it is taken.
    if (outcome.kind === 'thrown' || (outcome.kind === 'failed' && this.#outlet.isRepeatable)) {
      const waitMs = this.#backOff.failed(delivery_id, clock.now());
      const { reason } = outcome;
      log.error({ incident: incidentId, reason, waitMs }, 'an alert cannot be updated, trying again');
      return;
    }
    this.#backOff.forget(delivery_id);
    if (outcome.kind === 'updated') {
      await journal.record(incidentId, { kind: 'message_updated', delivery_id, content });
    } else if (outcome.kind === 'returned') {
      this.#calls.pause(clock.now() + outcome.retryAfterMs);
    } else {
      // Deleted by somebody, or too old to edit: the thread tells the rest. Not tried again until it changes again.
      log.error({ incident: incidentId, reason: outcome.reason }, 'an alert cannot be updated');
      await journal.record(incidentId, { kind: 'message_updated', delivery_id, content });
    }
  }

  #count(method: string, result: string): void {
    this.#parts.metrics.notifications.inc({ destination: this.#parts.notifier.name, method, result });
  }
}

/** The odd use began with the window of the first finding or, at the earliest, a day ago. */
function surveyFrom(incident: Incident, nowMs: number): number {
  return Math.max(incident.oddFrom, nowMs - 86_400_000);
}
