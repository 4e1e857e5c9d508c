// What the usage card counts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readUsage } from '#lib/server/agents/agent-usage.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { inSeconds, plantRequest } from '#tests/fixtures/requests.ts';

let at: Installation;
before(async () => {
  at = await openInstallation();
});
after(() => at?.close());

test('an approval counts as given when it was decided and neither vetoed nor taken back', async () => {
  const { id } = await makeAgent(at, { name: 'counted' });
  const decidedAt = inSeconds(-60);
  const asked = [
    { status: 'succeeded', decidedAt, consumedAt: decidedAt },
    { status: 'expired_unused', decidedAt },
    // Vetoed: approved first, and denied within the time to take it back.
    { status: 'denied', decidedAt },
    { status: 'revoked', decidedAt },
    { status: 'expired', decidedAt: null },
    { status: 'withdrawn', decidedAt: null },
  ] as const;
  for (const row of asked) await plantRequest(at.prisma, { agentId: id, ...row });
  await plantRequest(at.prisma, { agentName: 'somebody-else', status: 'expired', decidedAt: null });
  const { approvals } = await readUsage(at.prisma, { id, name: 'counted' });
  assert.deepEqual(approvals, { asked: asked.length, approved: 2, denied: 1, expired: 1 });
});
