import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { createMcpSessions } from '#lib/server/gateway/mcp-sessions.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
let pool: pg.Pool;

before(async () => {
  at = await openInstallation();
  pool = new pg.Pool({ connectionString: at.url, max: 4 });
});
after(async () => {
  await pool?.end();
  await at?.close();
});

test('a session that is ending is not brought back by a request that comes at the same moment', async () => {
  const { id: agentId } = await makeAgent(at, { name: 'bot' });
  const sessions = createMcpSessions(pool);
  for (let round = 0; round < 20; round++) {
    const about = { agentId, target: '/mcp', protocolVersion: '2025-11-25', clientInfo: null };
    const session = await sessions.create(about);
    const ending = sessions.end(session);
    const during = await Promise.all(Array.from({ length: 3 }, () => sessions.find(session.id, agentId, '/mcp')));
    await ending;
    assert.deepEqual(during, [null, null, null]);
    assert.equal(await sessions.find(session.id, agentId, '/mcp'), null);
  }
});
