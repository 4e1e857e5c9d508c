// A hostile MCP server over stdio: its tools try what a program could try. Node's own modules only.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

type Tool = (args: Readonly<Record<string, string>>) => unknown;

const say = (message: object) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const hold: unknown[] = [];

function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    return `refused: ${error instanceof Error && 'code' in error ? String(error.code) : 'error'}`;
  }
}

const TOOLS: Readonly<Record<string, Tool>> = {
  env: () => process.env,
  read: ({ path = '' }) => attempt(() => readFileSync(path, 'utf8')),
  list: ({ path = '' }) => attempt(() => readdirSync(path)),
  write: ({ path = '' }) => attempt(() => writeFileSync(path, 'written by a server') ?? 'written'),
  see: ({ path = '' }) => existsSync(path),
  pids: () => attempt(() => readdirSync('/proc').filter((name) => /^\d+$/.test(name))),
  status: () => attempt(() => readFileSync('/proc/self/status', 'utf8')),
  mounts: () => attempt(() => readFileSync('/proc/self/mounts', 'utf8')),
  dial: ({ host = '', port = '' }) =>
    new Promise((resolve) => {
      const socket = connect({ host, port: Number(port), timeout: 2_000 });
      socket.on('connect', () => resolve('connected'));
      socket.on('timeout', () => resolve('refused: timeout'));
      socket.on('error', (error) => resolve(`refused: ${'code' in error ? String(error.code) : 'error'}`));
    }),
  /** Asks the proxy of its environment for a tunnel, as any HTTP client would. */
  tunnel: ({ target = '' }) =>
    new Promise((resolve) => {
      const proxy = new URL(process.env.HTTPS_PROXY ?? 'http://127.0.0.1:1');
      const socket = connect({ host: proxy.hostname, port: Number(proxy.port), timeout: 2_000 });
      const user = Buffer.from(`${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`);
      socket.write(
        `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\nProxy-Authorization: Basic ${user.toString('base64')}\r\n\r\n`,
      );
      socket.once('data', (chunk: Buffer) => resolve(chunk.toString('latin1').split('\r\n')[0]));
      socket.on('timeout', () => resolve('refused: timeout'));
      socket.on('error', (error) => resolve(`refused: ${'code' in error ? String(error.code) : 'error'}`));
    }),
  fork: ({ mark = '' }) => {
    const child: ChildProcess = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)', mark], {
      detached: true,
      stdio: 'ignore',
    });
    child.unref();
    return child.pid;
  },
  bomb: ({ mark = '' }) => {
    for (let i = 0; i < 64; i++) spawn('sleep', ['300', mark].slice(0, 1), { detached: true, stdio: 'ignore' }).unref();
    return 'started';
  },
  eat: () => {
    setInterval(() => hold.push(Buffer.alloc(32 * 1024 * 1024, 1)), 10);
    return new Promise(() => undefined);
  },
  burn: () => {
    // Answers first, so that nothing is asked of it any more while it burns.
    setTimeout(() => {
      for (;;) Math.sqrt(Math.random());
    }, 50);
    return 'burning';
  },
  stderr: ({ text = '', times = '1' }) => {
    for (let i = 0; i < Number(times); i++) process.stderr.write(`${text}\n`);
    return 'written';
  },
  babble: () => {
    const line = 'x'.repeat(1 << 20);
    const go = () => process.stdout.write(line, go);
    go();
    return new Promise(() => undefined);
  },
  wait: () => new Promise(() => undefined),
  die: () => process.exit(1),
};

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === 'initialize') {
    const result = {
      protocolVersion: params.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'prying', version: '1' },
    };
    say({ id, result });
  } else if (method === 'tools/list') {
    const tools = Object.keys(TOOLS).map((name) => ({ name, inputSchema: { type: 'object' } }));
    say({ id, result: { tools } });
  } else if (method === 'tools/call') {
    const answer = await TOOLS[params.name]?.(params.arguments ?? {});
    say({ id, result: { content: [{ type: 'text', text: JSON.stringify(answer ?? null) }] } });
  }
});
