import { createHash } from 'node:crypto';
import type { Clock, Logger } from '@tripkey/service-kit';
import { fold, type Incident } from '../../incident/incident.ts';
import type { IncidentLog } from '../../incident-log.ts';
import type { CommandQueue } from '../../people/command-queue.ts';
import { type CommandFacts, decideCommand } from '../../people/decide-command.ts';
import { IncidentCommand } from '../../people/incident-command.ts';
import type { Refusals } from './refusals.ts';
import type { Responders } from './responders.ts';
import { modalFor } from './slack-modals.ts';
import {
  type BlockActions,
  ButtonValue,
  type ModalId,
  modalIds,
  SlackPayload,
  type ViewSubmission,
} from './slack-payload.ts';
import type { SlackPeople } from './slack-people.ts';

export interface SlackInteractionsParts {
  /** Our workspace: guests of shared channels come from another one. */
  readonly teamId: string;
  /** The people who may act. Being shown a message is no permission. */
  readonly responders: Pick<Responders, 'has'>;
  readonly incidentLog: Pick<IncidentLog, 'loadOne'>;
  readonly queue: CommandQueue;
  readonly facts: (incident: Incident) => Omit<CommandFacts, 'nowMs'>;
  readonly people: SlackPeople;
  readonly refusals: Refusals;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What is answered to Slack, within its three seconds. */
export interface InteractionReply {
  readonly status: 200 | 400;
  readonly body?: object;
}

interface Asked {
  readonly payload: SlackPayload;
  readonly action: string;
  /** Where the person can be told something; null when the click says no channel. */
  readonly channel: string | null;
}

/** How long it is waited for the incident's writer to answer a command. */
const answerMsMax = 15_000;
const lookEveryMs = 500;

/**
 * Takes clicks from Slack, whatever transport they came by, and makes commands of them. Who clicks and what it is
 * about are checked here; the incident's writer decides again when the command's turn has come. A click that is turned
 * away changes nothing, is on record, and its person is told.
 */
export class SlackInteractions {
  readonly #parts: SlackInteractionsParts;
  readonly #after = new Set<Promise<void>>();

  constructor(parts: SlackInteractionsParts) {
    this.#parts = parts;
  }

  /** @param body what Slack sent as `payload`, parsed; its sender was verified. Slow work goes on after the answer. */
  async handle(body: unknown): Promise<InteractionReply> {
    const parsed = SlackPayload.safeParse(body);
    if (!parsed.success) {
      await this.#parts.refusals.refuse({ why: 'unreadable' });
      return { status: 400 };
    }
    const payload = parsed.data;
    if (payload.type === 'view_submission') return this.#submitted(payload);
    return this.#clicked(payload);
  }

  /** Resolves when everything that went on after the answers has ended. */
  async idle(): Promise<void> {
    while (this.#after.size > 0) await Promise.allSettled(this.#after);
  }

  async #clicked(payload: BlockActions): Promise<InteractionReply> {
    const [action] = payload.actions as [BlockActions['actions'][number]];
    if (action.action_id === 'open_console') return { status: 200 };
    const channel = payload.channel?.id ?? payload.container?.channel_id ?? null;
    const asked = { payload, action: action.action_id, channel };
    const about = ButtonValue.safeParse(action.selected_option?.value ?? action.value ?? '');
    const incident = await this.#allowed(asked, about);
    if (!incident || !about.success) return { status: 200 };
    const name = JSON.stringify([payload.trigger_id, action.action_ts, payload.user.id]);
    const command = this.#command(payload, action.action_id, name, about.data);
    if (!isModal(action.action_id)) {
      await this.#send(asked, incident, command);
      return { status: 200 };
    }
    if (!(await this.#mayStill(asked, incident, command))) return { status: 200 };
    const { isProtected } = this.#parts.facts(incident);
    const view = modalFor(
      action.action_id,
      { ...about.data, ...(channel ? { channel } : {}) },
      {
        headline: `${incident.rules[0]?.title ?? 'Unusual use'}: ${incident.keyId ?? incident.subject.id}`,
        confirm: isProtected ? lastFour(incident) : null,
      },
    );
    try {
      await this.#parts.people.openModal(payload.trigger_id, view);
    } catch (err) {
      this.#parts.log.warn({ err, incident: incident.id }, 'Slack did not open a modal');
    }
    return { status: 200 };
  }

  async #submitted(payload: ViewSubmission): Promise<InteractionReply> {
    const { view } = payload;
    const about = ButtonValue.safeParse(view.private_metadata);
    const channel = about.success ? (about.data.channel ?? null) : null;
    const asked = { payload, action: view.callback_id, channel };
    const values = Object.assign({}, ...Object.values(view.state.values)) as Record<
      string,
      { value?: string | null; selected_option?: { value: string } | null }
    >;
    const refused = (text: string, block = 'reason') => ({
      status: 200 as const,
      body: { response_action: 'errors', errors: { [block]: text } },
    });
    const incident = await this.#allowed(asked, about);
    if (!incident || !about.success) return refused('This cannot be done from here.');
    if (view.callback_id === 'stop' && this.#parts.facts(incident).isProtected) {
      if (values.confirm?.value !== lastFour(incident))
        return refused('These are not the last four characters.', 'confirm');
    }
    const name = JSON.stringify([view.id, payload.user.id]);
    const filled = {
      reason: values.reason?.value ?? '',
      resolution: values.resolution?.selected_option?.value,
    };
    if (view.callback_id !== 'resolve' && filled.reason.trim() === '') return refused('Please say why.');
    const command = this.#command(payload, view.callback_id, name, about.data, filled);
    const why = await this.#send(asked, incident, command);
    return why === null ? { status: 200, body: { response_action: 'clear' } } : refused(why);
  }

  /** The incident that it is about, when this person may do something about it; else they are told, and it is on record. */
  async #allowed(asked: Asked, about: { success: boolean; data?: ButtonValue }): Promise<Incident | null> {
    const { teamId, responders, incidentLog } = this.#parts;
    const { user, team } = asked.payload;
    if (team.id !== teamId || (user.team_id ?? team.id) !== teamId)
      return this.#refuse(asked, 'other_team', 'Only people of the workspace may do that.');
    if (!(await responders.has(user.id)))
      return this.#refuse(asked, 'not_a_responder', 'You are not on the list of responders.');
    if (!about.data) return this.#refuse(asked, 'unreadable', 'This button is not of this release.');
    const events = await incidentLog.loadOne(about.data.incident);
    if (events.length === 0)
      return this.#refuse(asked, 'unknown_incident', 'There is no such incident.', about.data.incident);
    return fold(events);
  }

  #command(
    { user }: SlackPayload,
    action: string,
    name: string,
    about: ButtonValue,
    filled: { reason: string; resolution: string | undefined } = { reason: '', resolution: undefined },
  ) {
    return IncidentCommand.safeParse({
      kind: action,
      command_id: `slack-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`,
      incident_id: about.incident,
      at: this.#parts.clock.now(),
      by: `slack:${user.id}`,
      by_name: (user.name ?? user.username ?? user.id).slice(0, 128),
      ...(about.operation ? { operation_id: about.operation } : {}),
      ...(about.for_ms ? { for_ms: about.for_ms } : {}),
      // A click that only asks for the modal is judged with a reason that stands for the one to come.
      ...(action === 'resolve' ? { reason: filled.resolution ?? 'other', note: filled.reason } : {}),
      ...(action !== 'resolve' && isModal(action) ? { reason: filled.reason || 'to be said' } : {}),
    });
  }

  /** Queues a command and tells the person when it is refused after all. @returns why not, or null */
  async #send(
    asked: Asked,
    incident: Incident,
    parsed: ReturnType<typeof IncidentCommand.safeParse>,
  ): Promise<string | null> {
    const why = await this.#whyNot(asked, incident, parsed);
    if (why !== null || !parsed.success) return why ?? '';
    await this.#parts.queue.send(parsed.data);
    this.#parts.refusals.taken();
    this.#goOn(this.#watch(asked, parsed.data));
    return null;
  }

  async #mayStill(asked: Asked, incident: Incident, parsed: ReturnType<typeof IncidentCommand.safeParse>) {
    return (await this.#whyNot(asked, incident, parsed)) === null;
  }

  async #whyNot(
    asked: Asked,
    incident: Incident,
    parsed: ReturnType<typeof IncidentCommand.safeParse>,
  ): Promise<string | null> {
    const refuse = async (why: string, text: string) => {
      await this.#refuse(asked, why, text, incident.id);
      return text;
    };
    if (!parsed.success) return refuse('unreadable', 'This button is not of this release.');
    const facts = { nowMs: this.#parts.clock.now(), ...this.#parts.facts(incident) };
    const [first] = decideCommand(incident, parsed.data, facts);
    if (!first) return refuse('replayed', 'That was done already.');
    return first.kind === 'command_refused' ? refuse('state', first.reason) : null;
  }

  /** Somebody else may have been faster: the incident's writer says so in the log. */
  async #watch(asked: Asked, { incident_id, command_id }: IncidentCommand): Promise<void> {
    const { incidentLog, clock } = this.#parts;
    const until = clock.now() + answerMsMax;
    while (clock.now() < until) {
      const answer = fold(await incidentLog.loadOne(incident_id)).answers.get(command_id);
      if (answer === null) return;
      if (answer !== undefined) return this.#tell(asked, answer);
      await clock.sleep(lookEveryMs);
    }
    await this.#tell(asked, 'Noted. It takes longer than usual; the message will show when it is done.');
  }

  async #refuse(asked: Asked, why: string, text: string, incidentId = ''): Promise<null> {
    const { user, team } = asked.payload;
    const { action } = asked;
    await this.#parts.refusals.refuse({ why, action, user: user.id, team: team.id, incidentId });
    // A modal shows its refusal itself.
    if (asked.payload.type === 'block_actions') this.#goOn(this.#tell(asked, text));
    return null;
  }

  async #tell({ payload, channel }: Asked, text: string): Promise<void> {
    if (channel !== null) await this.#parts.people.tell(channel, payload.user.id, text);
  }

  #goOn(work: Promise<void>): void {
    const ended: Promise<void> = work
      .catch((err: unknown) =>
        this.#parts.log.warn({ err }, 'somebody could not be told what became of a click'),
      )
      .finally(() => this.#after.delete(ended));
    this.#after.add(ended);
  }
}

function isModal(action: string): action is ModalId {
  return (modalIds as readonly string[]).includes(action);
}

function lastFour({ keyId }: Incident): string {
  return (keyId ?? '').slice(-4);
}
