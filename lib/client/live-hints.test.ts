import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LIVE_TOPICS } from '#lib/contracts/live.ts';
import { createVersionGuard, judgeLine, keysOf, LIVE_KEYS } from './live-hints.ts';

const ID = '0197a1b2-0000-7000-8000-000000000001';

describe('hints', () => {
  it('make only keys stale that a reconnect refetches as well', () => {
    for (const topic of LIVE_TOPICS) {
      for (const key of keysOf({ topic, id: ID, version: 1 })) {
        const covered = LIVE_KEYS.some((live) => live.every((part, i) => key[i] === part));
        assert.ok(covered, `${topic} makes ${JSON.stringify(key)} stale, which a reconnect would leave stale`);
      }
    }
  });

  it('that come late, after a newer version of the same row, are dropped', () => {
    const guard = createVersionGuard();
    assert.equal(guard.isNew({ topic: 'approval', id: ID, version: 3 }), true);
    assert.equal(guard.isNew({ topic: 'approval', id: ID, version: 2 }), false);
    assert.equal(guard.isNew({ topic: 'approval', id: ID, version: 3 }), false);
    assert.equal(guard.isNew({ topic: 'approval', id: '*', version: 2 }), true);
    assert.equal(guard.isNew({ topic: 'approval', id: ID, version: 4 }), true);
  });

  it('are believed again from any version after a reconnect', () => {
    const guard = createVersionGuard();
    guard.isNew({ topic: 'servers', id: ID, version: 90 });
    guard.reset();
    assert.equal(guard.isNew({ topic: 'servers', id: ID, version: 1 }), true);
  });
});

describe('the line', () => {
  const at = 1_000_000;
  it('is live while beats come over a connected socket', () => {
    const line = judgeLine({ nowMs: at, connected: true, lastBeatMs: at - 6000, lastAnswerMs: 0 });
    assert.deepEqual(line, { state: 'live', staleSince: null });
  });
  it('falls back to polling when two beats are missed though the socket says connected', () => {
    const line = judgeLine({ nowMs: at, connected: true, lastBeatMs: at - 7001, lastAnswerMs: at - 500 });
    assert.equal(line.state, 'polling');
  });
  it('is stale since the last thing heard once that is more than 10 s ago', () => {
    const line = judgeLine({ nowMs: at, connected: false, lastBeatMs: at - 30_000, lastAnswerMs: at - 10_001 });
    assert.deepEqual(line, { state: 'stale', staleSince: at - 10_001 });
  });
});
