import { IncidentCommand } from '../people/incident-command.ts';
import type { AlerterWorld } from './alerter-world.ts';

/** What a person wants, without who and when. */
export type Wish = { kind: IncidentCommand['kind'] } & Record<string, unknown>;

let commands = 0;

/** A person asks for something; resolves when it is answered. @returns what they were told, null when it was done */
export async function askOf(
  world: AlerterWorld,
  incidentId: string,
  by: string,
  wish: Wish,
): Promise<string | null> {
  const command = IncidentCommand.parse({
    ...{ command_id: `command-${++commands}`, incident_id: incidentId, at: world.clock.now() },
    ...{ by: `slack:${by}`, by_name: by, ...wish },
  });
  await world.commands.send(command);
  const answers = () => world.incidents().find(({ id }) => id === incidentId)!.answers;
  await world.drive(() => answers().has(command.command_id));
  return answers().get(command.command_id) ?? null;
}
