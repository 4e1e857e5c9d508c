import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdLimitMs } from './hold-limit.ts';

const cases = [
  ['openclaw', null, false, 55_000],
  ['openclaw', 850_000, false, 840_000],
  ['openclaw', 120_000, false, 115_000],
  ['claude-code', null, false, Number.POSITIVE_INFINITY],
  ['claude-code', 60_000, true, 55_000],
  ['codex', null, false, 290_000],
  ['codex', 600_000, false, 590_000],
  ['gemini', null, false, 590_000],
  ['gemini', 120_000, false, 115_000],
  ['sdk', null, false, 50_000],
  ['sdk', null, true, Number.POSITIVE_INFINITY],
  ['cursor', null, false, 50_000],
  ['sdk', 2_000, true, 0],
] as const;

for (const [profile, requestTimeoutMs, hasProgressToken, expected] of cases) {
  test(`${profile}, declared ${requestTimeoutMs}, ${hasProgressToken ? 'with' : 'without'} progress: held ${expected} ms`, () => {
    assert.equal(holdLimitMs({ profile, requestTimeoutMs, hasProgressToken }), expected);
  });
}
