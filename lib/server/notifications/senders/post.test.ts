import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pool } from 'undici';
import { ok } from '#lib/core/result.ts';
import { EgressDenied, HostUnresolved } from '../../egress/egress-denied.ts';
import { post } from './post.ts';

/** A way out whose every connection ends in this. */
async function postedInto(failure: Error) {
  const pool = new Pool('https://hooks.example', { connect: (_options, callback) => callback(failure, null) });
  try {
    return await post({ poolFor: () => ok(pool) }, 'https://hooks.example/in', { headers: {}, body: '{}' });
  } finally {
    await pool.destroy();
  }
}

test('a name that nobody can resolve now is tried again, and said as it is', async () => {
  assert.deepEqual(await postedInto(new HostUnresolved('the host name could not be resolved')), {
    kind: 'failed',
    sent: { kind: 'again', why: 'Its host name could not be resolved.', retryAfterMs: null },
  });
});

test('what the allowlist refuses is given up', async () => {
  assert.deepEqual(await postedInto(new EgressDenied('a metadata address')), {
    kind: 'failed',
    sent: { kind: 'never', why: 'The allowlist does not let this address be reached.' },
  });
});
