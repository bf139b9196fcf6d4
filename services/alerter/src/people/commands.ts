import type { Clock, Logger } from '@tripkey/service-kit';
import type { AlerterMetrics } from '../alerter-metrics.ts';
import type { Incident } from '../incident/incident.ts';
import type { Journal } from '../journal.ts';
import type { CommandQueue } from './command-queue.ts';
import { type CommandFacts, decideCommand } from './decide-command.ts';
import type { IncidentCommand } from './incident-command.ts';

export interface CommandsParts {
  readonly journal: Journal;
  readonly queue: CommandQueue;
  readonly facts: (incident: Incident) => Omit<CommandFacts, 'nowMs'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: AlerterMetrics;
}

/** Twice the time that a command is valid: what waited longer was refused or will never be looked at. */
const lookBackMs = 60 * 60_000;

/** Carries out what people want of the incidents that we write. A command is known by its id, so it counts once. */
export class Commands {
  readonly #parts: CommandsParts;
  /** Commands that are answered, or belong to incidents that others write. */
  #done = new Set<string>();

  constructor(parts: CommandsParts) {
    this.#parts = parts;
  }

  /**
   * The incident that another was merged into says so too; its writer may be another alerter, so it is told by a
   * command. A crash before it is made good by the next look at the same commands: the command has the same id.
   * @returns whether there is nothing more to tell; what the queue does not take now is told with the next look
   */
  async #tellOtherEnd(command: IncidentCommand): Promise<boolean> {
    const { journal, queue, clock, log, metrics } = this.#parts;
    const incident = journal.get(command.incident_id);
    if (command.kind !== 'merge' || incident?.answers.get(command.command_id) !== null) return true;
    const { command_id, by, by_name, into, incident_id } = command;
    const title = `${incident.rules[0]?.title ?? 'Unusual use'}: ${incident.keyId ?? incident.subject.id}`;
    try {
      await queue.send({
        ...{ kind: 'absorb', command_id: `${command_id}:absorb`, incident_id: into, from: incident_id },
        ...{ at: clock.now(), by, by_name, from_title: title.slice(0, 300) },
      });
      return true;
    } catch (err) {
      metrics.responseErrors.inc();
      log.warn({ err, incident: into }, 'cannot tell an incident what was merged into it, trying again');
      return false;
    }
  }

  /** Answers what has come. What the queue cannot tell now is asked again with the next call. */
  async step(signal: AbortSignal): Promise<void> {
    const { journal, queue, clock, log, metrics } = this.#parts;
    let commands: Awaited<ReturnType<CommandQueue['since']>>;
    try {
      commands = await queue.since(clock.now() - lookBackMs);
    } catch (err) {
      metrics.responseErrors.inc();
      log.warn({ err }, 'cannot read what people want done, trying again');
      return;
    }
    const seen = new Set(commands.map((command) => command.command_id));
    this.#done = this.#done.intersection(seen);
    for (const command of commands) {
      if (signal.aborted) return;
      if (this.#done.has(command.command_id)) continue;
      if (command.kind === 'join') {
        for (const event of await journal.join(command.incident_id, command.finding))
          if (event.kind === 'opened') metrics.opened.inc({ severity: event.severity });
        this.#done.add(command.command_id);
        continue;
      }
      const written = await journal.decide(command.incident_id, (incident) => {
        const openBeside = journal.openBeside(incident)?.id ?? null;
        return decideCommand(incident, command, {
          ...{ nowMs: clock.now(), openBeside, ...this.#parts.facts(incident) },
        });
      });
      if (written.length > 0) {
        const { kind, by, incident_id } = command;
        const result = written.some((event) => event.kind === 'command_refused') ? 'refused' : 'done';
        metrics.commands.inc({ command: kind, result });
        log.info({ incident: incident_id, command: kind, by, result }, 'command');
      }
      if (await this.#tellOtherEnd(command)) this.#done.add(command.command_id);
    }
  }
}
