import { killSwitch as killSwitchQuestion, type Store } from '@tripkey/store';

/** How the switch stands, who turned it last, and why. */
export interface KillSwitchState {
  readonly isOn: boolean;
  readonly by: string;
  readonly reason: string;
  /** Epoch ms. */
  readonly at: number;
}

/** Turns off, for every alerter at once, all that happens without a person. */
export interface KillSwitch {
  /** The last word; null when nobody ever touched it. */
  state(): Promise<KillSwitchState | null>;
  turn(state: KillSwitchState): Promise<void>;
}

/** The switch in ClickHouse (`kill_switch_v1`). */
export function clickHouseKillSwitch(store: Store): KillSwitch {
  return {
    async state() {
      const [row] = await store.ask(killSwitchQuestion, {});
      return row ? { isOn: row.is_on === 1, by: row.by, reason: row.reason, at: row.at } : null;
    },
    async turn({ isOn, by, reason, at }) {
      const row = { at: new Date(at).toISOString(), is_on: isOn ? 1 : 0, by, reason };
      await store.insert('kill_switch_v1', [row], `kill-switch:${at}:${by}:${row.is_on}`);
    },
  };
}
