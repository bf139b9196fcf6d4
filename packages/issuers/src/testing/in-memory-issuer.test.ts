import { describe, expect, test } from 'vitest';
import { aCommand } from './a-command.ts';
import { describeKeyIssuer } from './describe-key-issuer.ts';
import { InMemoryIssuer } from './in-memory-issuer.ts';

describeKeyIssuer('in memory', () => {
  const issuer = new InMemoryIssuer();
  let keys = 0;
  return {
    issuer,
    addKey(changes) {
      const keyId = `key_${++keys}`;
      issuer.addKey(keyId, changes);
      return keyId;
    },
    loseNextReply: () => void issuer.faults.lostReplies++,
    rateLimitNext: () => void issuer.faults.rateLimited++,
  };
});

describe('faults of the fake', () => {
  function withKey(): InMemoryIssuer {
    const issuer = new InMemoryIssuer();
    issuer.addKey('key_1');
    return issuer;
  }
  const disable = aCommand({ keyId: 'key_1' });

  test('what is pending shows after as many reads as were asked for', async () => {
    const issuer = withKey();
    issuer.faults.pendingReads = 2;
    expect(await issuer.act(disable)).toMatchObject({ kind: 'pending' });
    const states = [];
    for (let i = 0; i < 3; i++) states.push((await issuer.read('key_1')).state);
    expect(states).toEqual(['active', 'active', 'disabled']);
  });

  test('a key that stays active is said to be disabled and reads as active', async () => {
    const issuer = withKey();
    issuer.faults.staysActive = true;
    expect(await issuer.act(disable)).toMatchObject({ kind: 'done', state: 'disabled' });
    expect((await issuer.read('key_1')).state).toBe('active');
    expect(issuer.effects).toEqual([]);
  });

  test('an unreachable issuer has seen nothing', async () => {
    const issuer = withKey();
    issuer.faults.unreachable = 1;
    expect(await issuer.act(disable)).toMatchObject({ kind: 'retry', ambiguous: false });
    expect(issuer.attempts).toEqual([]);
  });

  test('a call that hangs ends with its abort; its effect has happened', async () => {
    const issuer = withKey();
    const release = issuer.hold();
    const stop = new AbortController();
    const acting = issuer.act(disable, stop.signal);
    stop.abort(new Error('too slow'));
    await expect(acting).rejects.toThrow('too slow');
    release();
    expect((await issuer.read('key_1')).state).toBe('disabled');
  });

  test('lost replies and repeats show as attempts, the effect once', async () => {
    const issuer = withKey();
    issuer.faults.lostReplies = 2;
    for (let i = 0; i < 3; i++) await issuer.act(disable);
    expect([issuer.attempts.length, issuer.effects.length]).toEqual([3, 1]);
  });
});
