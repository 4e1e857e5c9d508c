import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../log.ts';
import type { SnapshotServer } from '../snapshot/snapshot.ts';
import { createStdioUpstream } from './stdio-upstream.ts';
import type { UpstreamFailure } from './upstream.ts';

/** Shakes hands, then answers every call with a line that never ends. */
const BABBLER = `
  process.stdin.once('data', () => {
    process.stdout.write('{"jsonrpc":"2.0","id":"initialize","result":{}}\\n');
    process.stdin.on('data', (data) => {
      if (!data.includes('tools/call')) return;
      const babble = () => process.stdout.write('x'.repeat(1 << 20), babble);
      babble();
    });
  });`;

test('a child whose line never ends is stopped, and its call has an unknown outcome', async () => {
  const server: SnapshotServer = {
    id: '01900000-0000-7000-8000-000000000000',
    name: 'babbler',
    transport: 'stdio',
    url: null,
    argv: [process.execPath, '-e', BABBLER],
    configHash: 'c',
    status: 'active',
    description: '',
    protocolVersion: null,
    credential: null,
    tools: new Map(),
    neverAccepted: new Set(),
  };
  const upstream = createStdioUpstream(createLog('silent', 'test'));
  const failure = await new Promise<UpstreamFailure>((resolve, reject) => {
    const call = { server, tool: 't', canonicalArgs: '{}', id: 1, progressToken: undefined, sessionKey: 's' };
    upstream.call(call, {
      mayWrite: () => true,
      onNotification: () => undefined,
      onAnswer: () => reject(new Error('nothing was answered')),
      onFailure: resolve,
    });
  });
  assert.deepEqual([failure.code, failure.written], ['upstream-failed', true]);
  await upstream.close();
});
