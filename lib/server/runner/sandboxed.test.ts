import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eventually } from '#tests/fixtures/gateway.ts';
import { isAlive, type Opened, type Prying, startPrying } from '#tests/fixtures/prying.ts';
import { probeSandbox, type Sandbox } from './probe-sandbox.ts';

let sandbox: Sandbox = { kind: 'none', why: '' };
let at: Prying;
let opened: Opened;
let listener: Server;
let seen: number;
const accepted = new Set<Socket>();

const portOf = (server: Server): string => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? String(address.port) : '';
};
const skip = () => (sandbox.kind === 'none' ? `no sandbox on this machine: ${sandbox.why}` : false);

/** A proxy that lets anybody with a password through and answers like the real one. */
const answering = (socket: Socket) => {
  accepted.add(socket);
  socket.on('error', () => undefined);
  socket.once('data', (chunk) => {
    seen += 1;
    const isKnown = chunk.toString('latin1').includes('Proxy-Authorization: Basic ');
    socket.end(isKnown ? 'HTTP/1.1 200 Connection established\r\n\r\n' : 'HTTP/1.1 407 Who\r\n\r\n');
  });
};

before(async () => {
  sandbox = await probeSandbox();
  if (sandbox.kind === 'none') return;
  seen = 0;
  listener = createServer(answering);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  at = await startPrying(sandbox, { proxyOrigin: `http://127.0.0.1:${portOf(listener)}` });
  opened = await at.open({
    proxyUrl: 'http://prying:csp_secret@127.0.0.1:1',
    env: { SERVICE_KEY: 'key-of-the-service' },
  });
});
after(async () => {
  await at?.close();
  listener?.close();
  for (const socket of accepted) socket.destroy();
});

test('a server in a sandbox sees its own short environment and its credential', async (t) => {
  if (skip() !== false) return t.skip(String(skip()));
  const env = await opened.call('env');
  assert.ok(typeof env === 'object' && env !== null);
  const known = [
    'ALL_PROXY',
    'HOME',
    'HTTPS_PROXY',
    'HTTP_PROXY',
    'LANG',
    'NODE_USE_ENV_PROXY',
    'PATH',
    'PWD',
    'SERVICE_KEY',
  ];
  const odd = Object.keys(env).filter(
    (name) => ![...known, 'TMPDIR', 'TZ', 'all_proxy', 'http_proxy', 'https_proxy'].includes(name),
  );
  assert.deepEqual(odd, []);
  assert.equal('HOME' in env && env.HOME, '/home/server');
  assert.equal('SERVICE_KEY' in env && env.SERVICE_KEY, 'key-of-the-service');
  assert.equal('HTTPS_PROXY' in env && env.HTTPS_PROXY, 'http://prying:csp_secret@127.0.0.1:4001/');
});

test('a server in a sandbox does not find our keys, though they lie inside a folder that it sees', async (t) => {
  if (skip() !== false) return t.skip(String(skip()));
  assert.match(String(await opened.call('read', { path: join(at.dataDir, '..', 'package.json') })), /module/);
  assert.equal(await opened.call('see', { path: join(at.dataDir, 'keys', 'master.key') }), false);
  assert.deepEqual(await opened.call('list', { path: at.dataDir }), []);
  assert.equal(await opened.call('read', { path: join(at.elsewhere, 'secret') }), 'refused: ENOENT');
  for (const path of ['/etc/shadow', '/root', '/var', '/sys']) assert.equal(await opened.call('see', { path }), false);
});

test('a server in a sandbox writes to its own home and its own /tmp, and nowhere else', async (t) => {
  if (skip() !== false) return t.skip(String(skip()));
  assert.equal(await opened.call('write', { path: '/home/server/kept' }), 'written');
  assert.equal(await opened.call('write', { path: '/tmp/scratch' }), 'written');
  const refused = ['/usr/bin/evil', '/evil', join(at.dataDir, '..', 'server.ts'), '/run/countersign/keeper.mts'];
  for (const path of refused)
    assert.match(String(await opened.call('write', { path })), /refused: (EROFS|EACCES|EPERM)/);
  assert.equal(
    readFileSync(join(at.dataDir, 'servers', 'prying', at.spec.configHash, 'home', 'kept'), 'utf8'),
    'written by a server',
  );
});

test('a server in a sandbox sees no process but its own and holds no capability', async (t) => {
  if (skip() !== false) return t.skip(String(skip()));
  const pids = await opened.call('pids');
  assert.ok(Array.isArray(pids) && pids.length <= 4, JSON.stringify(pids));
  const status = String(await opened.call('status'));
  assert.match(status, /CapEff:\s*0{16}/);
  assert.match(status, /CapBnd:\s*0{16}/);
  assert.match(status, /NoNewPrivs:\s*1/);
});

test('a direct connection out of a sandbox reaches nobody, and the way through the proxy works', async (t) => {
  if (skip() !== false) return t.skip(String(skip()));
  const before = seen;
  const port = portOf(listener);
  for (const host of ['127.0.0.1', 'localhost', '169.254.169.254', '10.0.0.1']) {
    assert.match(String(await opened.call('dial', { host, port })), /^refused: /);
  }
  assert.equal(seen, before);
  assert.equal(await opened.call('tunnel', { target: 'api.example.com:443' }), 'HTTP/1.1 200 Connection established');
  assert.equal(seen, before + 1);
});

test('a folder that the host names is writable, inside our data directory as well', async (t) => {
  if (sandbox.kind === 'none') return t.skip(String(skip()));
  const program = join(at.dataDir, '..');
  const folder = join(at.dataDir, 'workspace');
  const other = await startPrying(sandbox, {
    findCommand: async () => ({
      argv: [process.execPath, join(program, 'server.ts')],
      writable: [folder],
      source: 'host',
    }),
    guarded: { directories: [at.dataDir], files: [] },
  });
  try {
    const { call } = await other.open();
    assert.equal(await call('write', { path: join(folder, 'note') }), 'written');
    assert.deepEqual(await call('list', { path: at.dataDir }), ['workspace']);
  } finally {
    await other.close();
  }
});

test('without a sandbox the same server reads all of it: the guard is the sandbox', async () => {
  const open = await startPrying({ kind: 'none', why: 'guard off' });
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bare-'));
  const bare = createServer(answering);
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
  try {
    const { call } = await open.open();
    assert.equal(await call('read', { path: join(open.dataDir, 'keys', 'master.key') }), 'the master key');
    assert.equal(await call('dial', { host: '127.0.0.1', port: portOf(bare) }), 'connected');
    assert.equal(await call('write', { path: join(folder, 'x') }), 'written');
  } finally {
    await open.close();
    bare.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('what a server in a sandbox starts ends with it, even in a session of its own', async (t) => {
  if (sandbox.kind === 'none') return t.skip(String(skip()));
  const own = await startPrying(sandbox);
  try {
    const { child, call } = await own.open();
    const mark = join(own.dataDir, 'mark');
    writeFileSync(mark, '');
    await call('fork', { mark });
    const pids = await eventually('the process is there', async () => marked(mark));
    child.kill();
    await child.exited;
    await eventually('nothing of it is left', async () => !pids.some(isAlive));
  } finally {
    await own.close();
  }
});

/** Processes of this machine whose arguments name the mark. */
function marked(mark: string): readonly number[] | null {
  const { readdirSync } = process.getBuiltinModule('node:fs');
  const found = readdirSync('/proc').flatMap((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(mark) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
  return found.length === 0 ? null : found;
}
