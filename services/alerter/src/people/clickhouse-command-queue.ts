import { incidentCommands, type Store } from '@tripkey/store';
import type { CommandQueue } from './command-queue.ts';
import { IncidentCommand } from './incident-command.ts';

/** Commands in ClickHouse (`incident_commands_v1`). */
export function clickHouseCommandQueue(store: Store): CommandQueue {
  return {
    async send(command) {
      const { command_id, incident_id, at, by, kind, ...data } = command;
      const row = { command_id, incident_id, at: new Date(at).toISOString(), by, kind };
      await store.insert(
        'incident_commands_v1',
        [{ ...row, data: JSON.stringify(data) }],
        `command:${command_id}`,
      );
    },
    async since(sinceMs) {
      const rows = await store.ask(incidentCommands, { since: sinceMs });
      // While releases are mixed, what a newer one asks for is left to it: one unknown command must not hold up the others.
      return rows.flatMap(({ data, ...row }) => {
        const command = IncidentCommand.safeParse({ ...JSON.parse(data), ...row });
        return command.success ? [command.data] : [];
      });
    },
  };
}
