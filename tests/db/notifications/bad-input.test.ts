// What somebody types or a client makes up is refused or ignored; it never breaks a handler.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { listDeliveries } from '#lib/server/notifications/deliveries.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
before(async () => {
  at = await openInstallation();
});
after(() => at?.close());

test('a cursor with a time that is none begins at the start', async () => {
  for (const time of ['2026-99-99T00:00:00Z', '2026-01-01T::Z', '2026-01-01T.Z', '0000-01-01T00:00:00.000Z']) {
    const page = await listDeliveries(at.prisma, { limit: 5, cursor: `${time}~${randomUUID()}` });
    assert.deepEqual(page.items, [], time);
  }
});
