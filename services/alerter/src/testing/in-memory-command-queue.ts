import type { CommandQueue } from '../people/command-queue.ts';
import type { IncidentCommand } from '../people/incident-command.ts';

/** Commands without a database. */
export class InMemoryCommandQueue implements CommandQueue {
  readonly commands: IncidentCommand[] = [];

  async send(command: IncidentCommand): Promise<void> {
    if (!this.commands.some((known) => known.command_id === command.command_id)) this.commands.push(command);
  }

  async since(sinceMs: number): Promise<IncidentCommand[]> {
    return this.commands.filter((command) => command.at >= sinceMs);
  }
}
