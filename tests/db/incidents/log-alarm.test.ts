// A log that is not what this host has seen cannot tell of itself: the sequencer opens the incident.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startSequencer } from '#lib/server/audit/sequence.ts';
import { alarmRolledBack } from '#lib/server/incidents/alarm-log.ts';
import { createLog } from '#lib/server/log.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
before(async () => {
  at = await openInstallation();
});
after(() => at?.close());

test('an old backup opens one urgent incident, however often the sequencer tries again', async () => {
  const told = Promise.withResolvers<void>();
  const triedAgain = Promise.withResolvers<void>();
  let reads = 0;
  const sequencer = startSequencer({
    databaseUrl: at.url,
    signing: at.keys.logSigning,
    log: createLog('silent', 'test'),
    witness: {
      read: () => {
        reads += 1;
        if (reads === 3) triedAgain.resolve();
        return { size: 1_000, root: new Uint8Array(32) };
      },
      save: () => undefined,
    },
    onRolledBack: () => alarmRolledBack(at.prisma).then(told.resolve, told.reject),
  });
  await told.promise;
  await triedAgain.promise;
  await sequencer.stop();
  const rows = await at.prisma.incident.findMany();
  assert.deepEqual(
    rows.map(({ kind, severity, count }) => [kind, severity, count]),
    [['log-rolled-back', 'high', 1]],
  );
});
