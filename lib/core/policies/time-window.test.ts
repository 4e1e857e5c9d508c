import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TimeWindow } from './rule.ts';
import { compileWindow, windowProblem } from './time-window.ts';

const CASES: readonly (readonly [TimeWindow, string, string])[] = [
  [{ zone: 'UTC', from: '09:00', to: '17:00' }, '2026-11-18T08:59:59.999Z', 'outside'],
  [{ zone: 'UTC', from: '09:00', to: '17:00' }, '2026-11-18T09:00:00Z', 'inside'],
  [{ zone: 'UTC', from: '09:00', to: '17:00' }, '2026-11-18T16:59:59.999Z', 'inside'],
  [{ zone: 'UTC', from: '09:00', to: '17:00' }, '2026-11-18T17:00:00Z', 'outside'],
  [{ zone: 'Europe/Berlin', from: '09:00' }, '2026-11-18T08:00:00Z', 'inside'],
  [{ zone: 'Europe/Berlin', from: '09:00' }, '2026-07-18T07:00:00Z', 'inside'],
  [{ zone: 'Europe/Berlin', from: '09:00' }, '2026-07-18T06:59:00Z', 'outside'],
  [{ zone: 'Asia/Kathmandu', to: '00:01' }, '2026-11-17T18:15:00Z', 'inside'],
  [{ zone: 'UTC', days: ['fri'], from: '22:00', to: '06:00' }, '2026-11-20T22:00:00Z', 'inside'],
  [{ zone: 'UTC', days: ['fri'], from: '22:00', to: '06:00' }, '2026-11-21T05:59:00Z', 'inside'],
  [{ zone: 'UTC', days: ['fri'], from: '22:00', to: '06:00' }, '2026-11-21T06:00:00Z', 'outside'],
  [{ zone: 'UTC', days: ['fri'], from: '22:00', to: '06:00' }, '2026-11-20T05:00:00Z', 'outside'],
  [{ zone: 'UTC', days: ['sat', 'sun'] }, '2026-11-22T23:59:00Z', 'inside'],
  [{ zone: 'UTC', days: ['sat', 'sun'] }, '2026-11-23T00:00:00Z', 'outside'],
  [{ zone: 'Pacific/Auckland', days: ['mon'] }, '2026-11-22T11:00:00Z', 'inside'],
  [{ zone: 'UTC', from: '08:00', to: '08:00' }, '2026-11-22T03:00:00Z', 'inside'],
  [{ zone: 'Nowhere/None' }, '2026-11-22T03:00:00Z', 'error'],
  [{ zone: 'UTC', from: '24:00' }, '2026-11-22T03:00:00Z', 'error'],
  [{ zone: 'UTC', days: [] }, '2026-11-22T03:00:00Z', 'error'],
];
for (const [window, at, expected] of CASES) {
  test(`${at} is ${expected} of ${JSON.stringify(window)}`, () => {
    const compiled = compileWindow(window);
    assert.equal(compiled(Date.parse(at)), expected);
    // The reading of a minute is kept: another minute between must not leave its trace.
    compiled(Date.parse(at) + 43_200_000);
    assert.equal(compiled(Date.parse(at)), expected);
    assert.equal(windowProblem(window) === null, expected !== 'error');
  });
}

test('without a time that can be read nothing can be said', () => {
  for (const nowMs of [undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.equal(compileWindow({ zone: 'UTC' })(nowMs), 'error');
  }
});
