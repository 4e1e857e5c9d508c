import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatCountdown, formatRelative, formatSpan, noteServerTime, serverNow } from './time.ts';

describe('spans', () => {
  it('are written with one unit, rounded down', () => {
    assert.deepEqual([0, 9.9, 60, 3599, 3600, 90_000].map(formatSpan), ['0 s', '9 s', '1 min', '59 min', '1 h', '1 d']);
  });
  it('read as past, future or now', () => {
    const now = Date.parse('2026-11-22T12:00:00.000Z');
    assert.equal(formatRelative('2026-11-22T11:56:00.000Z', now), '4 min ago');
    assert.equal(formatRelative('2026-11-22T12:15:01.000Z', now), 'in 15 min');
    assert.equal(formatRelative('2026-11-22T12:00:02.000Z', now), 'just now');
  });
  it('count down as a clock that stops at zero', () => {
    assert.deepEqual([102_000, 725_000, 3_725_000, 400, -5000].map(formatCountdown), [
      '1:42',
      '12:05',
      '1:02:05',
      '0:01',
      '0:00',
    ]);
  });
});

describe("the server's clock", () => {
  it('is taken from the answer with the shortest round trip', () => {
    const local = Date.now();
    const server = local + 300_000;
    noteServerTime(new Date(server).toISOString(), local - 40, local);
    noteServerTime(new Date(server + 9000).toISOString(), local - 20_000, local);
    const skew = serverNow() - Date.now();
    assert.ok(Math.abs(skew - 300_020) <= 10, `skew ${skew}`);
  });
  it('is not taken from a time that does not parse', () => {
    const before = serverNow() - Date.now();
    noteServerTime('soon', 0, 1);
    assert.ok(Math.abs(serverNow() - Date.now() - before) <= 5);
  });
});
