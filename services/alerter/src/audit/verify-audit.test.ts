import { ManualClock } from '@tripkey/service-kit/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InMemoryAuditLog } from '../testing/in-memory-audit-log.ts';
import type { AuditEntry, AuditLine } from './audit-line.ts';
import { AuditTrail } from './audit-trail.ts';
import { verifyAudit } from './verify-audit.ts';

const entry = (data: string): AuditEntry => ({
  ...{ at: 1_000, kind: 'click_refused', actor: 'slack:U1', incident_id: '', incident_seq: 0, data },
});

/** Several processes, one after the other, each of which wrote so many lines. */
async function written(chains: readonly number[]): Promise<AuditLine[]> {
  const log = new InMemoryAuditLog();
  for (const lines of chains) {
    const trail = new AuditTrail({ log, clock: new ManualClock() });
    for (let n = 0; n < lines; n++) {
      trail.add([entry(`line ${n}`)]);
      await trail.flush();
    }
  }
  return log.lines();
}
const someChains = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });

describe('an audit log', () => {
  test('that nobody touched is whole, also when an insert stands there twice', async () => {
    await fc.assert(
      fc.asyncProperty(someChains, async (chains) => {
        const lines = await written(chains);
        const twice = lines.flatMap((line, n) => (n % 3 === 0 ? [line, line] : [line]));
        expect(verifyAudit(twice, []).faults).toEqual([]);
      }),
    );
  });

  test('in which a line was edited is not whole', async () => {
    const field = fc.constantFrom('at', 'kind', 'actor', 'data', 'hash', 'prev_hash', 'incident_id');
    await fc.assert(
      fc.asyncProperty(someChains, fc.nat(), field, async (chains, at, name) => {
        const lines = await written(chains);
        const line = lines[at % lines.length]!;
        Object.assign(line, { [name]: typeof line[name] === 'number' ? 7 : `${line[name]} ` });
        expect(verifyAudit(lines, []).faults).not.toEqual([]);
      }),
    );
  });

  test('from which lines or whole chains were taken out is not whole, the newest end against its kept head', async () => {
    await fc.assert(
      fc.asyncProperty(someChains, fc.nat(), fc.boolean(), async (chains, at, whole) => {
        const lines = await written(chains);
        const { heads } = verifyAudit(lines, []);
        const gone = lines[at % lines.length]!;
        const left = lines.filter((line) => line !== gone && !(whole && line.chain === gone.chain));
        expect(verifyAudit(left, [], heads).faults).not.toEqual([]);
      }),
    );
  });

  test('has one head while processes follow each other', async () => {
    expect(verifyAudit(await written([1, 3, 2]), []).heads).toHaveLength(1);
  });
});

test('what the log did not take is on record before anything that follows', async () => {
  const log = new InMemoryAuditLog();
  const trail = new AuditTrail({ log, clock: new ManualClock() });
  log.failures = 2;
  trail.add([entry('first')]);
  await expect(trail.flush()).rejects.toThrow();
  trail.add([entry('second')]);
  await expect(trail.flush()).rejects.toThrow();
  await trail.flush();
  expect(log.written.map(({ data }) => data)).toEqual(['{"heads":[]}', 'first', 'second']);
  expect(verifyAudit(log.written, []).faults).toEqual([]);
});
