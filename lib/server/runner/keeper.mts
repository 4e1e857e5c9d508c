// Runs between the runner and a server, with node's own modules only: inside a sandbox nothing else of ours is there.
// Usage: keeper.mts <path of the egress proxy's socket, or -> <port> <mark, or -> -- <program> [arguments]
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer, Socket } from 'node:net';
import { setPriority } from 'node:os';

const NICE = 5;
const ROUNDS = 20;

const [proxySocket = '-', port = '0', mark = '-', , program = '', ...args] = process.argv.slice(2);

/** Ends everything that this server started; what forks meanwhile is found in the next round. */
function endAll(): never {
  for (let round = 0; mark !== '-' && round < ROUNDS; round++) {
    const found = marked();
    if (found.length === 0) break;
    for (const pid of found) quietly(() => process.kill(pid, 'SIGKILL'));
  }
  // Our own group, ourselves included.
  quietly(() => process.kill(0, 'SIGKILL'));
  process.exit(1);
}

function marked(): number[] {
  try {
    return readdirSync('/proc').flatMap((name) => {
      if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
      try {
        return readFileSync(`/proc/${name}/environ`, 'latin1').includes(mark) ? [Number(name)] : [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // Gone already, or not ours.
  }
}

function start(): void {
  // Calls of people's agents come before what a server does for itself.
  quietly(() => setPriority(NICE));
  const child = spawn(program, args, { stdio: ['inherit', 'inherit', 'inherit'], shell: false });
  child.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(127);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
}

if (proxySocket === '-') {
  if (mark !== '-') {
    // The other end is the runner's. It closes when the runner is gone, even by kill -9: then nothing may stay behind.
    const lifeline = new Socket({ fd: 3 });
    lifeline.on('close', endAll);
    lifeline.on('error', () => undefined);
    lifeline.resume();
  }
  start();
} else {
  // The only way out of the sandbox: a listener on its own loopback, tied to the proxy outside.
  const relay = createServer({ allowHalfOpen: true }, (inside) => {
    const outside = connect({ path: proxySocket, allowHalfOpen: true });
    inside.pipe(outside).pipe(inside);
    for (const [one, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  relay.listen(Number(port), '127.0.0.1', start);
}
