import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { buildAgentFile } from './build-agent-file.ts';

let directory: string;
let file: string;
/** An older Node where this machine has one: agents' machines do. */
const NODES = ['/usr/bin/node', '/usr/local/bin/node'].filter((path) => existsSync(path) && major(path) >= 20);

function major(node: string): number {
  return Number(/^v(\d+)/.exec(execFileSync(node, ['--version'], { encoding: 'utf8' }))?.[1] ?? 0);
}

before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'countersign-agent-file-'));
  file = join(directory, 'countersign.mjs');
  cpSync(await buildAgentFile(process.cwd()), file);
});
after(() => rmSync(directory, { recursive: true, force: true }));

test('the one file runs with plain Node in an empty directory, and knows the commands of an agent’s machine', () => {
  for (const node of [process.execPath, ...NODES]) {
    const run = (...argv: string[]) =>
      spawnSync(node, [file, ...argv], {
        cwd: directory,
        env: { HOME: directory, NODE_ENV: 'production' },
        encoding: 'utf8',
      });
    const help = run('--help');
    assert.equal(help.status, 0, help.stderr);
    for (const command of ['bridge', 'connect', 'doctor', 'verify', 'login'])
      assert.match(help.stdout, new RegExp(`^ {2}${command} `, 'm'));
    assert.equal(run('bridge').status, 2);
    assert.equal(run('nonsense').status, 2);
    assert.equal(run('verify', 'nowhere').status, 2);
    assert.equal(run('connect', 'sdk', '--servers', 'files', '--via', 'http').status, 0);
  }
});

test('it checks the confinement of the machine it lies on, and refuses to check what is not there', () => {
  const run = (...argv: string[]) =>
    spawnSync(process.execPath, [file, 'doctor', ...argv], {
      cwd: directory,
      env: { NODE_ENV: 'test', HOME: directory },
      encoding: 'utf8',
    });
  const help = run('--help');
  assert.equal(help.status, 0, help.stderr);
  assert.match(help.stdout, /--from-agent-host/);
  const bare = run();
  assert.equal(bare.status, 2);
  assert.match(bare.stderr, /--from-agent-host/);
  assert.equal(run('--from-agent-host', '--gateway', 'file:///etc/passwd').status, 2);
  // Nothing listens there: a gateway that does not answer is bad.
  const nobody = run('--from-agent-host', '--gateway', 'http://127.0.0.1:1', '--proxy', 'http://127.0.0.1:1');
  assert.equal(nobody.status, 1);
  assert.match(nobody.stderr, /BAD +gateway +http:\/\/127\.0\.0\.1:1 does not answer/);
});
