import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CallAnswer, callAnswerSchema } from '#lib/contracts/calls.ts';
import { err, ok } from '#lib/core/result.ts';
import type { DecisionApi } from './decision-api.ts';
import { runJudgedCall } from './judged-call.ts';
import { readStrictLine } from './wire.ts';

const answer = (state: 'allowed' | 'pending'): CallAnswer =>
  callAnswerSchema.parse({
    callId: '019a0000-0000-7000-8000-000000000001',
    decision: state === 'allowed' ? 'allow' : 'pending',
    state,
    code: state,
    tier: 'low',
    message: 'said',
    next: 'next',
    actionClass: 'other',
    digest: 'a'.repeat(64),
  });

/** Walks a call whose client takes it back while the gateway is asked `during`; says what the gateway heard after it. */
async function takenBack(during: 'ask' | 'read'): Promise<readonly string[]> {
  const gone = new AbortController();
  const heard: string[] = [];
  const api: DecisionApi = {
    ask: async () => {
      if (during === 'ask') gone.abort();
      return ok(answer(during === 'ask' ? 'allowed' : 'pending'));
    },
    read: async () => {
      if (gone.signal.aborted) return ok(answer('allowed'));
      gone.abort();
      return err({ code: 'not-ready', sentence: 'The question was broken off.' });
    },
    cancel: async () => void heard.push('cancel'),
    close: async (_, outcome) => {
      heard.push(outcome);
      return true;
    },
    tools: async () => ok([]),
  };
  const child = {
    ask: () => assert.fail('it must not run'),
    tell: () => assert.fail('it was never there'),
    ended: Promise.resolve(0),
    stop: async () => undefined,
  };
  const read = readStrictLine(
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"risky","arguments":{}}}',
  );
  assert.ok(read.ok && read.value.kind === 'request');
  const written: string[] = [];
  const parts = { server: 'local', api, child, holdMs: 20_000, write: (line: string) => void written.push(line) };
  await runJudgedCall(parts, read.value, gone.signal);
  assert.deepEqual(written, [], 'who took a call back gets no answer');
  return heard;
}

test('an allow that arrives after the client took the call back is reported as not run', async () => {
  const [outcome = '', ...rest] = await takenBack('ask');
  assert.deepEqual(rest, []);
  assert.match(outcome, /"status":"failed"/);
  assert.match(outcome, /did not run/);
});

test('so is one that was given while the question was broken off', async () => {
  const [first, outcome = ''] = await takenBack('read');
  assert.equal(first, 'cancel');
  assert.match(outcome, /did not run/);
});
