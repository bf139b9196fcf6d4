import { KeyState, type KeyStateJson } from './key-state.ts';
import { SleepLine } from './sleep-line.ts';

/** A state takes some 10 KB. */
const keysAwakeMaxDefault = 500_000;

/**
 * The states of the keys that are awake, and of those that were used since and sleep again; see `SleepLine`. The states
 * of other sleeping keys are put away: whoever keeps the profiles puts them back before their keys are used.
 */
export class KeyStates {
  readonly #states = new Map<string, KeyState>();
  readonly #changed = new Set<string>();
  readonly #line: SleepLine;
  #away = 0;

  constructor(keysAwakeMax = keysAwakeMaxDefault) {
    this.#line = new SleepLine(keysAwakeMax);
  }

  get(lineageId: string): KeyState | undefined {
    return this.#states.get(lineageId);
  }

  /** A key that is seen for the first time. */
  add(state: KeyState): void {
    this.#states.set(state.lineageId, state);
  }

  /** The states of the keys that are awake. */
  *values(): Generator<KeyState> {
    for (const state of this.#states.values()) if (this.#line.isAwake(state)) yield state;
  }

  /** How many keys are awake. */
  countAwake(): number {
    let count = 0;
    for (const _ of this.values()) count++;
    return count;
  }

  /** How many states are in memory. */
  get size(): number {
    return this.#states.size;
  }

  /** Keys that fell asleep early because there were too many. */
  get crowdedOut(): number {
    return this.#line.crowdedOut;
  }

  /** Lets keys fall asleep, with the end of each window. */
  letSleep(at: number): void {
    this.#line.advance(this.#states.values(), at);
  }

  /** Before which time a key was last seen that is asleep, epoch ms, and the window at which that was decided. */
  get sleep(): { asleepBefore: number; sleepWindow: number } {
    return { asleepBefore: this.#line.before, sleepWindow: this.#line.window };
  }

  restoreSleep(asleepBefore: number, sleepWindow: number): void {
    this.#line.restore(asleepBefore, sleepWindow);
  }

  /** Puts a saved state back at the start; that of a sleeping key is counted only. */
  restore(state: KeyState, asleepBefore: number): void {
    if (state.lastSeenAt >= asleepBefore) this.add(state);
    else this.#away++;
  }

  /** Whether a lineage has no state in memory and may have one that was put away. */
  mayBeAway(lineageId: string): boolean {
    return this.#away > 0 && !this.#states.has(lineageId);
  }

  /** Puts back a state that was put away. */
  wake(json: KeyStateJson): void {
    this.#away--;
    this.add(KeyState.fromJSON(json));
  }

  /** Forgets the states of sleeping keys, except what changed since `takeChanged`: that has to be saved first. */
  putAway(): void {
    for (const [lineageId, state] of this.#states) {
      if (this.#line.isAwake(state) || this.#changed.has(lineageId)) continue;
      this.#states.delete(lineageId);
      this.#away++;
    }
  }

  markChanged(lineageId: string): void {
    this.#changed.add(lineageId);
  }

  /** The states that changed since the last call. */
  takeChanged(): KeyState[] {
    const states = [...this.#changed].map((lineageId) => this.#states.get(lineageId)!);
    this.#changed.clear();
    return states;
  }
}
