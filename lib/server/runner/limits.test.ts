import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '#tests/fixtures/gateway.ts';
import { isAlive, type Prying, startPrying } from '#tests/fixtures/prying.ts';
import { probeSandbox, type Sandbox } from './probe-sandbox.ts';
import type { Limits } from './spawn-child.ts';

const NONE: Sandbox = { kind: 'none', why: 'asked for' };
const boxed = await probeSandbox();
const LIMITS: Limits = { memoryMiB: 400, processes: 24, cpuSeconds: 300 };
const CASES = [
  { name: 'without a sandbox', sandbox: NONE, skip: false },
  { name: 'in a sandbox', sandbox: boxed, skip: boxed.kind === 'none' ? `no sandbox here: ${boxed.why}` : false },
] as const;

async function withPrying(
  sandbox: Sandbox,
  limits: Partial<Limits>,
  work: (at: Prying) => Promise<void>,
): Promise<void> {
  const at = await startPrying(sandbox, { limits: { ...LIMITS, ...limits } });
  try {
    await work(at);
  } finally {
    await at.close();
  }
}

/** Processes that carry a text in their arguments or in their environment. */
function marked(text: string): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const about = readFileSync(`/proc/${name}/cmdline`, 'latin1') + readFileSync(`/proc/${name}/environ`, 'latin1');
      return about.includes(text) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

for (const { name, sandbox, skip } of CASES) {
  test(`a server that eats memory is ended ${name}, and the reason is told`, { skip }, () =>
    withPrying(sandbox, {}, async (at) => {
      const { child, call } = await at.open();
      call('eat').catch(() => undefined);
      assert.equal((await child.exited).reason, 'It used more than 400 MiB of memory.');
    }),
  );

  test(`a server that starts too many processes is ended with all of them ${name}`, { skip }, () =>
    withPrying(sandbox, {}, async (at) => {
      const { child, call } = await at.open();
      await call('bomb').catch(() => undefined);
      assert.equal((await child.exited).reason, 'It started more than 24 processes.');
      await eventually('nothing is left', async () => marked(join(at.dataDir, 'servers')).length === 0);
    }),
  );

  test(`a server that burns processor time unasked is ended ${name}`, { skip }, () =>
    withPrying(sandbox, { cpuSeconds: 1 }, async (at) => {
      const { child, call } = await at.open();
      await call('burn');
      assert.match((await child.exited).reason ?? '', /^It used 1 s of processor time/);
    }),
  );

  test(`a server that floods stdout without a line end is ended ${name}`, { skip }, () =>
    withPrying(sandbox, {}, async (at) => {
      const { child, call } = await at.open();
      call('babble').catch(() => undefined);
      const { reason, signal, code } = await child.exited;
      // Either end may notice first; a reader that stops at its own bound ends it without a reason.
      assert.ok(
        reason === 'It wrote a line that does not end.' || reason === null,
        JSON.stringify({ reason, signal, code }),
      );
    }),
  );

  test(`what a server started ends when the runner is killed ${name}`, { skip }, async () => {
    const at = await startPrying(NONE);
    const data = join(at.dataDir, 'second');
    const script = new URL('../../../tests/fakes/runner-process.ts', import.meta.url).pathname;
    const program = join(at.dataDir, '..', 'server.ts');
    let runner: ChildProcess | null = null;
    const start = async () => {
      const { mkdirSync } = process.getBuiltinModule('node:fs');
      mkdirSync(data, { recursive: true });
      const started = spawn(process.execPath, [script, data, sandbox.kind, process.execPath, program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(started.stdout, 'data');
      return started;
    };
    try {
      runner = await start();
      const other = await startPryingAt(data, at);
      const { child, call } = await other();
      const forked = await call('fork', { mark: 'forked-by-the-server' });
      assert.equal(typeof forked, 'number');
      const before = marked(program);
      assert.ok(before.length >= 1);
      runner.kill('SIGKILL');
      assert.equal((await child.exited).reason, 'The runner stopped.');
      await eventually('no process of it is left', async () => !before.some(isAlive));
      await eventually('nor what it forked', async () => marked('forked-by-the-server').length === 0);
      // And the next runner finds the place free.
      runner = await start();
      const again = await other();
      assert.equal(await again.call('see', { path: '/usr' }), true);
      await again.child.stop();
    } finally {
      runner?.kill('SIGKILL');
      await at.close();
    }
  });
}

async function startPryingAt(dataDir: string, at: Prying): Promise<() => ReturnType<Prying['open']>> {
  const { createRunnerClient } = await import('./runner-client.ts');
  const { createLog } = await import('../log.ts');
  const client = createRunnerClient({
    socketPath: join(dataDir, 'run', 'runner.sock'),
    log: createLog('silent', 'test'),
  });
  return () => at.open({}, client);
}

test('a server that dies at once is started after growing pauses, and then not at all for a while', () =>
  withPrying(NONE, {}, async (at) => {
    const details: string[] = [];
    for (let crashes = 0; crashes < 12 && !details.some((one) => one.includes('keeps crashing')); ) {
      const started = await at.client.start(at.spec);
      if (started.ok) {
        crashes += 1;
        started.value.write('not JSON\n');
        await started.value.exited;
      } else {
        details.push(started.error.detail);
        if (started.error.detail === 'The server is restarting.')
          await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
    assert.ok(
      details.some((one) => one.startsWith('It keeps crashing and rests for')),
      JSON.stringify(details),
    );
    const status = await at.client.status('prying');
    assert.equal(status?.crashes, 5);
    assert.notEqual(status?.crashLoopUntil, null);
  }));

test('stderr is kept to its last 64 KiB and without the secrets that the server was given', () =>
  withPrying(NONE, {}, async (at) => {
    const { call } = await at.open({
      env: { SERVICE_KEY: 'key-of-the-service' },
      proxyUrl: 'http://prying:csp_abcdefgh@127.0.0.1:1',
    });
    await call('stderr', { text: 'x'.repeat(1000), times: '200' });
    await call('stderr', { text: 'my key is key-of-the-service, my token ghp_0123456789abcdefghij, csp_abcdefgh' });
    const status = await eventually('it arrived', async () => {
      const now = await at.client.status('prying');
      return now?.stderr.includes('my key') === true ? now : null;
    });
    assert.ok(status.stderr.length <= 64 * 1024);
    assert.match(status.stderr, /my key is \[removed\], my token \[removed\], \[removed\]/);
    for (const secret of ['key-of-the-service', 'ghp_', 'csp_']) assert.equal(status.stderr.includes(secret), false);
  }));

test('a credential under a name that steers programs is refused', () =>
  withPrying(NONE, {}, async (at) => {
    for (const name of ['NODE_OPTIONS', 'LD_PRELOAD', 'PATH', 'HTTPS_PROXY', 'npm_config_registry', 'PYTHONPATH']) {
      const started = await at.client.start({ ...at.spec, env: { [name]: '--require=/tmp/x' } });
      assert.equal(
        started.ok ? null : started.error.detail,
        `A credential may not be called ${name}: it would steer the program.`,
      );
    }
  }));

test('where no runner listens, a start is refused with what to do', async () => {
  const { createRunnerClient } = await import('./runner-client.ts');
  const { createLog } = await import('../log.ts');
  const client = createRunnerClient({
    socketPath: '/tmp/no-such-directory/run/runner.sock',
    log: createLog('silent', 'test'),
  });
  const started = await client.start({ server: 'x', configHash: 'c'.repeat(64), env: {}, proxyUrl: null });
  assert.match(started.ok ? '' : started.error.detail, /--roles runner/);
  assert.equal(await client.status('x'), null);
});

test('where a sandbox is required and there is none, nothing is started', async () => {
  const at = await startPrying(NONE, { sandboxMode: 'required' });
  try {
    const started = await at.client.start(at.spec);
    assert.equal(started.ok ? null : started.error.detail, 'RUNNER_SANDBOX is required, and asked for.');
  } finally {
    await at.close();
  }
});

test('without a sandbox, a program that left its group cannot keep the end of its child from being told', async () => {
  const script = '(exec env -i setsid -f sleep 30) & sleep 0.2; echo away; exec cat';
  const at = await startPrying(NONE, {
    findCommand: async () => ({ argv: ['/bin/sh', '-c', script], writable: [], source: 'host' }),
  });
  const before = sleepers();
  try {
    const started = await at.client.start(at.spec);
    assert.ok(started.ok);
    await once(started.value.stdout, 'data');
    await Promise.race([
      started.value.stop(),
      new Promise((_, reject) => setTimeout(() => reject(new Error('stop() did not answer')), 8_000).unref()),
    ]);
  } finally {
    for (const pid of sleepers()) if (!before.includes(pid)) process.kill(pid, 'SIGKILL');
    await at.close();
  }
});

test('files in memory have a size in a sandbox: they cannot fill the machine', { skip: CASES[1].skip }, async () => {
  const places = ['/tmp', '/dev/shm', '/run', '/dev'];
  const fill = places.map((place) => `head -c 150000000 /dev/zero > ${place}/big; wc -c < ${place}/big`).join('; ');
  const at = await startPrying(boxed, {
    limits: LIMITS,
    findCommand: async () => ({
      argv: ['/bin/sh', '-c', `(${fill}; echo done) 2>/dev/null; cat`],
      writable: [],
      source: 'host',
    }),
  });
  try {
    const started = await at.client.start(at.spec);
    assert.ok(started.ok);
    let text = '';
    for await (const chunk of started.value.stdout) {
      text += String(chunk);
      if (text.includes('done')) break;
    }
    const sizes = text.split('\n').flatMap((line) => (/^\d+$/.test(line) ? [Number(line)] : []));
    assert.ok(sizes.length > 0 && sizes.reduce((sum, size) => sum + size, 0) < 160 * 1024 * 1024, text);
  } finally {
    await at.close();
  }
});

function sleepers(): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'latin1') === 'sleep\x0030\0'
        ? [Number(name)]
        : [];
    } catch {
      return [];
    }
  });
}
