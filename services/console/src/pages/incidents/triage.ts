import type { CommandResult } from '@tripkey/contract/api';

/** What became of asking for the same about several incidents. */
export interface Triaged {
  readonly done: number;
  /** Taken down, not answered for yet. */
  readonly waiting: number;
  /** Why not, one for each that was refused or not even taken down. */
  readonly refused: readonly string[];
}

const atOnce = 4;

/** Does the same about several incidents, a few at a time. @param ask asks for it about one; may throw */
export async function triage(
  ids: readonly string[],
  ask: (id: string) => Promise<Pick<CommandResult, 'state' | 'told'>>,
): Promise<Triaged> {
  const left = [...ids];
  const counts = { done: 0, waiting: 0 };
  const refused: string[] = [];
  const work = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      try {
        const { state, told } = await ask(id);
        if (state === 'refused') refused.push(told ?? 'no reason was given');
        else counts[state]++;
      } catch (error) {
        refused.push(error instanceof Error ? error.message : String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { ...counts, refused };
}
