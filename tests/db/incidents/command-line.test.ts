import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { withTx } from '#lib/server/db/tx.ts';
import { openIncident } from '#lib/server/incidents/open-incident.ts';
import { command, pretendToRun } from '#tests/fixtures/command-line.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
const run = (...argv: string[]) => command(at.dataDir, 'incidents', ...argv);
before(async () => {
  at = await openInstallation();
  pretendToRun(at);
});
after(() => at?.close());

test('the operator lists, shows, takes and resolves, and hostile names steer no terminal', async () => {
  assert.match((await run('list')).out, /None\./);
  const { id } = await withTx(at.prisma, (tx) =>
    openIncident(tx, {
      kind: 'tool-drifted',
      key: 'k',
      severity: 'medium',
      title: 'Tools of a\u001b[2Jb changed',
      detail: 'Seen.',
      subject: { server: 'files' },
      drill: false,
    }),
  );
  const listed = await run('list');
  assert.match(listed.out, new RegExp(`${id} .* medium +real +Tool no longer as accepted +open`));
  assert.ok(!listed.out.includes('\u001b'));
  assert.equal((await run('resolve', id, '--reason', 'too soon')).code, 1);
  assert.match((await run('acknowledge', id)).out, /acknowledged, \S+ has it/);
  const shown = await run('resolve', id, '--reason', 'An update that was announced');
  assert.equal(shown.code, 0, shown.err);
  assert.match(shown.out, /Resolved by \S+: An update that was announced/);
  assert.match(shown.out, /\[ \] 1\. Read the difference/);
  assert.equal(JSON.parse((await run('show', id, '--json')).out).state, 'resolved');
});

test('what is no id is not found, and what is no folder is wrong usage', async () => {
  assert.equal((await run('show', 'nonsense')).code, 1);
  assert.equal((await run('acknowledge', "1'; --")).code, 1);
  assert.equal((await run('list', '--folder', 'everything')).code, 2);
});
