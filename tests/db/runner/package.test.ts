import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { serverCreateSchema } from '#lib/contracts/servers.ts';
import { acceptPackage } from '#lib/server/commands/accept-package.ts';
import { isPackageAccepted, notePackage } from '#lib/server/runner/package-rows.ts';
import type { Runner } from '#lib/server/runner/start-runner.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { scanServer } from '#lib/server/servers/scan-server.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { startTestRunner } from '#tests/fixtures/runner.ts';

const ONE = `sha512-${'A'.repeat(86)}==`;
const OTHER = `sha512-${'B'.repeat(86)}==`;

let at: Installation;
let runner: Runner;
let registry: string;

/** What npx does, without a registry: installs the package into the home, writes npm's lock file, and runs it. */
const npx = (server: string) => `#!${process.execPath}
const { mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { spawn } = require('node:child_process');
const folder = process.env.HOME + '/.npm/_npx/0123/node_modules';
const integrity = readFileSync(${JSON.stringify('REGISTRY')}, 'utf8').trim();
mkdirSync(folder, { recursive: true });
const packages = { 'node_modules/demo-server': { version: '1.2.3', integrity } };
if (integrity === '') rmSync(folder + '/.package-lock.json', { force: true });
else writeFileSync(folder + '/.package-lock.json', JSON.stringify({ packages }));
spawn(process.execPath, [${JSON.stringify(server)}, 'stdio'], { stdio: 'inherit' }).on('exit', (code) => process.exit(code ?? 1));
`;

before(async () => {
  at = await openInstallation();
  const bin = join(at.dataDir, 'tools', 'bin');
  mkdirSync(bin, { recursive: true });
  registry = join(bin, 'registry');
  const entry = new URL('../../../node_modules/@modelcontextprotocol/server-everything/dist/index.js', import.meta.url);
  writeFileSync(registry, ONE);
  writeFileSync(join(bin, 'npx'), npx(entry.pathname).replace('"REGISTRY"', JSON.stringify(registry)));
  chmodSync(join(bin, 'npx'), 0o755);
  runner = await startTestRunner(at);
  const argv = [join(bin, 'npx'), '-y', 'demo-server@1.2.3'];
  await at.prisma.stdioCommand.create({ data: { name: 'demo', argv } });
  const server = serverCreateSchema.parse({ transport: 'stdio', name: 'demo', command: 'demo' });
  assert.ok((await registerServer(at, at.admin, server)).ok);
});
after(async () => {
  await runner?.close();
  await at?.close();
});

const scan = async () => {
  const scanned = await scanServer(at, at.admin, 'demo');
  return scanned.ok ? 'ok' : (scanned.error.detail ?? scanned.error.code);
};
const row = () => at.prisma.serverPackage.findFirstOrThrow({ where: { serverName: 'demo' } });

test('the installed version and its integrity are written down with the identity at the first start', async () => {
  assert.equal(await scan(), 'ok');
  const { name, version, integrity, acceptedIntegrity } = await row();
  assert.deepEqual([name, version, integrity, acceptedIntegrity], ['demo-server', '1.2.3', ONE, ONE]);
});

test('another content under the same version answers nothing, until a human has accepted exactly that content', async () => {
  writeFileSync(registry, OTHER);
  assert.match(await scan(), /connection ended|not the one that was accepted/);
  assert.equal((await row()).integrity, OTHER);
  // From now on it is not even started.
  assert.match(await scan(), /not the one that was accepted/);
  assert.equal((await acceptPackage(at, at.admin, 'demo', ONE)).ok, false);
  assert.equal((await acceptPackage(at, at.admin, 'demo', OTHER)).ok, true);
  assert.equal(await scan(), 'ok');
});

test('a package whose lock file is gone is no longer the accepted one', async () => {
  writeFileSync(registry, '');
  assert.notEqual(await scan(), 'ok');
  assert.equal((await row()).integrity, '');
  assert.match(await scan(), /not the one that was accepted/);
});

test('nobody can say which package was installed: it starts only after an admin accepted "unknown", for the host alone', async () => {
  const refused = await acceptPackage(at, at.admin, 'demo', '');
  assert.equal(refused.ok ? 'ok' : refused.error.code, 'conflict');
  await at.prisma.stdioCommand.update({ where: { name: 'demo' }, data: { source: 'approved' } });
  const approved = await acceptPackage(at, at.admin, 'demo', 'unknown');
  assert.equal(approved.ok ? 'ok' : approved.error.code, 'conflict');
  await at.prisma.stdioCommand.update({ where: { name: 'demo' }, data: { source: 'host' } });
  assert.equal((await acceptPackage(at, at.admin, 'demo', 'unknown')).ok, true);
  assert.equal(await scan(), 'ok');
  const events = (await recordedEvents(at.prisma)).filter((event) => event.type === 'server.package-accepted');
  assert.equal(events.filter((event) => event.text.includes('unknown')).length, 1);
  const asked = { server: 'demo', configHash: (await row()).configHash };
  assert.equal(await isPackageAccepted(at.prisma, asked, false), false);
  await at.prisma.serverPackage.update({
    where: { serverName_configHash: { serverName: 'demo', configHash: asked.configHash } },
    data: { acceptedIntegrity: ONE },
  });
});

test('a package of which nothing could be read is not let through start after start', async () => {
  const asked = { server: 'never-seen', configHash: 'd'.repeat(64) };
  const note = { asked, wish: { name: 'x', version: '1.0.0' }, found: null, mayBeUnknown: true };
  const verdicts = [
    await notePackage(at.prisma, note),
    await notePackage(at.prisma, note),
    await isPackageAccepted(at.prisma, asked, true),
  ];
  assert.deepEqual(verdicts, [false, false, false]);
});

test('the guard off: a runner that asks nobody about the package lets the other content answer', async () => {
  await runner.close();
  runner = await startTestRunner(at, {
    overrides: { isPackageAccepted: async () => true, notePackage: async () => true },
  });
  assert.equal(readFileSync(registry, 'utf8'), '');
  assert.equal(await scan(), 'ok');
});

test('where a sandbox is required, a package without an exact version is not started', async () => {
  await runner.close();
  const sandbox = { kind: 'bubblewrap', program: '/usr/bin/false', version: '0', unshareUser: true } as const;
  runner = await startTestRunner(at, { environment: { RUNNER_SANDBOX: 'required' }, sandbox });
  await at.prisma.stdioCommand.create({ data: { name: 'floating', argv: ['npx', '-y', 'demo-server@latest'] } });
  const server = serverCreateSchema.parse({ transport: 'stdio', name: 'floating', command: 'floating' });
  assert.ok((await registerServer(at, at.admin, server)).ok);
  const scanned = await scanServer(at, at.admin, 'floating');
  assert.match(scanned.ok ? '' : (scanned.error.detail ?? ''), /no exact version/);
});
