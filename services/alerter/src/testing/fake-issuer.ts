import type { ActResult, IssuerCapabilities, KeyCommand, KeyIssuer, KeyReading } from '@tripkey/issuers';

/** An issuer in memory that knows an operation again and counts what it did. */
export class FakeIssuer implements KeyIssuer {
  readonly name = 'keys';
  readonly states = new Map<string, 'active' | 'disabled'>();
  /** Operations that changed something, in order. */
  readonly done: string[] = [];
  calls = 0;
  /** What the next calls answer; `lost` does it and says nothing. */
  readonly faults: ('lost' | ActResult)[] = [];
  propagationMs = 20_000;
  undoWithinMs: number | null = null;

  async capabilities(): Promise<IssuerCapabilities> {
    return {
      actions: new Set(['disable', 'enable'] as const),
      reach: 'key',
      propagationMs: this.propagationMs,
      undo: { disable: { withinMs: this.undoWithinMs } },
      idempotency: 'by_operation',
    };
  }

  async read(keyId: string): Promise<KeyReading> {
    return { state: this.states.get(keyId) ?? 'active' };
  }

  async act(command: KeyCommand): Promise<ActResult> {
    this.calls += 1;
    const fault = this.faults.shift();
    if (fault && fault !== 'lost') return fault;
    const state = command.action === 'enable' ? 'active' : 'disabled';
    const noop = (this.states.get(command.keyId) ?? 'active') === state;
    if (!noop) this.done.push(command.operationId);
    this.states.set(command.keyId, state);
    if (fault === 'lost') return { kind: 'retry', afterMs: 0, ambiguous: true, why: 'connection_lost' };
    return { kind: noop ? 'noop' : 'done', state };
  }
}
