import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { CLIENTS, type ClientName } from './client-entries.ts';
import { type ConnectFlags, type Here, runConnect } from './run-connect.ts';

let home: string;
let here: Here;
let flags: ConnectFlags;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'countersign-connect-'));
  here = { home, directory: home, node: '/usr/bin/node', script: '/opt/countersign.mjs' };
  writeFileSync(join(home, 'agent.json'), '{"clientId":"a","clientSecret":"canary-secret"}', { mode: 0o600 });
  flags = { url: 'https://gateway.example.com', servers: ['files'], via: 'bridge', tokenFile: 'agent.json' };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const FILES: Readonly<Record<Exclude<ClientName, 'sdk'>, string>> = {
  openclaw: '.openclaw/openclaw.json',
  'claude-code': '.mcp.json',
  codex: '.codex/config.toml',
  cursor: '.cursor/mcp.json',
  gemini: '.gemini/settings.json',
};
const WRITTEN: readonly Exclude<ClientName, 'sdk'>[] = ['openclaw', 'claude-code', 'codex', 'cursor', 'gemini'];

test('each client’s own file gets an entry that starts the bridge, holds no secret, and can be taken back', () => {
  for (const client of WRITTEN) {
    const file = join(home, FILES[client]);
    assert.equal(runConnect(client, flags, here).exit, 0, client);
    const text = readFileSync(file, 'utf8');
    assert.match(text, /\/opt\/countersign\.mjs/, client);
    assert.match(text, /bridge/, client);
    assert.match(text, new RegExp(join(home, 'agent.json').replaceAll('.', '\\.')), client);
    assert.ok(!text.includes('canary-secret'), client);
    assert.equal(runConnect(client, { ...flags, undo: true }, here).exit, 0, client);
    assert.ok(!existsSync(file), client);
  }
});

test('what stood in the file stays, and an undo brings it back byte for byte with its mode', () => {
  const file = join(home, '.mcp.json');
  const before = '{\n    "mcpServers": {"other": {"command": "x"}, "files": {"command": "mine"}},\n    "z": 1\n}';
  writeFileSync(file, before, { mode: 0o640 });
  const done = runConnect('claude-code', flags, here);
  assert.equal(done.exit, 0);
  const now: unknown = JSON.parse(readFileSync(file, 'utf8'));
  assert.partialDeepStrictEqual(now, { z: 1, mcpServers: { other: { command: 'x' }, files: { type: 'stdio' } } });
  assert.ok(readdirSync(home).some((name) => name.endsWith('.countersign-backup')));
  assert.equal(runConnect('claude-code', flags, here).exit, 0);
  assert.equal(runConnect('claude-code', { ...flags, undo: true }, here).exit, 0);
  assert.equal(readFileSync(file, 'utf8'), before);
  assert.equal(statSync(file).mode & 0o777, 0o640);
  assert.ok(!readdirSync(home).some((name) => name.includes('countersign-')));
});

test('an undo after somebody else’s edit takes back our entry only', () => {
  const file = join(home, '.mcp.json');
  writeFileSync(file, '{"mcpServers": {"files": {"command": "mine"}}}');
  runConnect('claude-code', flags, here);
  const edited = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...edited, later: true }));
  assert.equal(runConnect('claude-code', { ...flags, undo: true }, here).exit, 0);
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { mcpServers: { files: { command: 'mine' } }, later: true });
});

test('a dry run writes nothing, and a file with comments or a foreign table is left alone', () => {
  for (const client of CLIENTS) assert.equal(runConnect(client, { ...flags, dryRun: true }, here).exit, 0, client);
  assert.deepEqual(readdirSync(home), ['agent.json']);
  const file = join(home, 'config.json5');
  writeFileSync(file, '{ /* mine */ "mcp": {} }');
  const refused = runConnect('openclaw', { ...flags, file }, here);
  assert.equal(refused.exit, 1);
  assert.match(refused.lines.join('\n'), /by hand/);
  assert.equal(readFileSync(file, 'utf8'), '{ /* mine */ "mcp": {} }');
  const toml = join(home, 'config.toml');
  writeFileSync(toml, '[mcp_servers.files]\ncommand = "mine"\n');
  assert.equal(runConnect('codex', { ...flags, file: toml }, here).exit, 1);
});

test('a secret is never taken into a configuration, and a file that others may read is refused', () => {
  const typed = 'cs_abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqr';
  const refused = runConnect('cursor', { ...flags, tokenFile: typed }, here);
  assert.equal(refused.exit, 2);
  assert.ok(!JSON.stringify(refused).includes(typed));
  writeFileSync(join(home, 'open.json'), '{"clientId":"a","clientSecret":"b"}', { mode: 0o644 });
  assert.equal(runConnect('cursor', { ...flags, tokenFile: 'open.json' }, here).exit, 2);
  const http = runConnect('cursor', { url: flags.url, servers: ['files'], via: 'http' }, here);
  assert.equal(http.exit, 0);
  assert.match(readFileSync(join(home, FILES.cursor), 'utf8'), /Bearer \$\{env:COUNTERSIGN_TOKEN_FILES\}/);
});
