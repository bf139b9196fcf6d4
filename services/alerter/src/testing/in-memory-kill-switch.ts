import type { KillSwitch, KillSwitchState } from '../respond/kill-switch.ts';

/** A switch without a database. */
export class InMemoryKillSwitch implements KillSwitch {
  #state: KillSwitchState | null = null;

  async state(): Promise<KillSwitchState | null> {
    return this.#state;
  }

  async turn(state: KillSwitchState): Promise<void> {
    this.#state = state;
  }
}
