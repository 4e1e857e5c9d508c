import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BELIEVED_AFTER_MS,
  nextSigningStep,
  PUBLISHED_AHEAD_MS,
  SIGNS_FOR_MS,
  signingKeyAt,
} from './signing-schedule.ts';

const first = { kid: 'a', signsFromMs: 1_000, retiresAtMs: null };
const due = first.signsFromMs + SIGNS_FOR_MS - PUBLISHED_AHEAD_MS;

test('the next key is published a day before it signs, and the old one is believed for an hour after', () => {
  assert.deepEqual(nextSigningStep([first], due - 1), { kind: 'none' });
  const signsFromMs = first.signsFromMs + SIGNS_FOR_MS;
  const retires = { kid: 'a', atMs: signsFromMs + BELIEVED_AFTER_MS };
  assert.deepEqual(nextSigningStep([first], due), { kind: 'publish', signsFromMs, retires });
  const next = { kid: 'b', signsFromMs, retiresAtMs: null };
  const old = { ...first, retiresAtMs: retires.atMs };
  assert.deepEqual(nextSigningStep([old, next], due + 1), { kind: 'none' }, 'one is enough');
  assert.equal(signingKeyAt([old, next], signsFromMs - 1)?.kid, 'a');
  assert.equal(signingKeyAt([next, old], signsFromMs)?.kid, 'b');
});

test('a key that is long overdue is replaced a day from now, never at once', () => {
  const step = nextSigningStep([first], due + SIGNS_FOR_MS);
  assert.ok(step.kind === 'publish' && step.signsFromMs === due + SIGNS_FOR_MS + PUBLISHED_AHEAD_MS);
});

test('without a key there is none to sign with, and a retired one signs nothing', () => {
  assert.deepEqual(nextSigningStep([], 5), { kind: 'none' });
  assert.equal(signingKeyAt([], 5), null);
  assert.equal(signingKeyAt([{ ...first, retiresAtMs: 2_000 }], 2_000), null);
});

test('a key whose time comes this very moment signs, and is looked at', () => {
  assert.equal(signingKeyAt([first], first.signsFromMs)?.kid, 'a');
  assert.equal(signingKeyAt([first], first.signsFromMs - 1), null);
  const late = { ...first, signsFromMs: 1_000 - SIGNS_FOR_MS };
  const step = nextSigningStep([late], 1_000);
  assert.ok(step.kind === 'publish' && step.signsFromMs === 1_000 + PUBLISHED_AHEAD_MS);
});
