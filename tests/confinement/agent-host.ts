// Runs as the first process of the agent's machine: brings gateway and proxy to loopback, then is the agent, with a child
// and a grandchild. Says what it found as one line of JSON.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { tryDnsUdp, tryTcp } from '#cli/doctor/probes.ts';
import { connectClient } from '#tests/fixtures/gateway.ts';
import { startRelay } from './relay.ts';

const TASK = z.object({
  /** Where the unix sockets are; absent on an open machine, where the ports are the real ones. */
  wall: z.string().nullable(),
  gatewayPort: z.number(),
  proxyPort: z.number(),
  gatewayToken: z.string(),
  proxyToken: z.string(),
  agent: z.string(),
  /** Must not be reached by connecting there. */
  outside: z.array(z.object({ host: z.string(), port: z.number() })),
  upstreamUrl: z.string(),
  listedUrl: z.string(),
  unlistedUrl: z.string(),
  scratch: z.string(),
  runDoctor: z.boolean(),
});

type Ran = { readonly code: number; readonly out: string };

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      command,
      [...args],
      { env: { NODE_ENV: 'test', PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...env }, timeout: 20_000 },
      (error, stdout) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, out: stdout });
      },
    );
  });
}

async function main(): Promise<void> {
  const task = TASK.parse(JSON.parse(process.argv[2] ?? ''));
  const { wall, gatewayPort, proxyPort } = task;
  const relays =
    wall === null
      ? []
      : [
          await startRelay({ port: gatewayPort }, { path: join(wall, 'gateway.sock') }),
          await startRelay({ port: proxyPort }, { path: join(wall, 'proxy.sock') }),
        ];
  const direct = await Promise.all(task.outside.map(({ host, port }) => tryTcp(host, port, 2_000)));
  const [first] = task.outside;
  // The grandchild: a shell's curl, as agents' tools run it, told to use no proxy.
  const curlDirect = await Promise.all(
    task.outside.map(({ host, port }) =>
      run('sh', [
        '-c',
        `curl -s -m 2 --noproxy '*' -o /dev/null http://${host.includes(':') ? `[${host}]` : host}:${port}/`,
      ]),
    ),
  );
  const proxyUrl = `http://${task.agent}:${task.proxyToken}@127.0.0.1:${proxyPort}`;
  const viaProxy = (url: string) =>
    run('sh', ['-c', `curl -s -m 10 -w '%{http_code}' '${url}'`], { http_proxy: proxyUrl, https_proxy: proxyUrl });
  const client = await connectClient({ port: gatewayPort }, '/mcp/files', task.gatewayToken);
  const answer = await client.callTool({ name: 'echo', arguments: { text: 'from inside' } });
  await client.close();
  const tokenFile = join(task.scratch, 'token');
  writeFileSync(tokenFile, task.proxyToken, { mode: 0o600 });
  const doctor = task.runDoctor
    ? await run(process.execPath, [
        'cli/countersign.mjs',
        '--json',
        'doctor',
        '--from-agent-host',
        ...['--gateway', `http://127.0.0.1:${gatewayPort}`, '--proxy', `http://127.0.0.1:${proxyPort}`],
        ...['--token-file', tokenFile, '--upstream', task.upstreamUrl],
      ])
    : null;
  const said = {
    direct,
    curlDirect: curlDirect.map(({ code }) => code),
    dns: first === undefined ? false : await tryDnsUdp('1.1.1.1', 53, wall === null ? 1 : 1_000),
    gateway: JSON.stringify(answer),
    listed: await viaProxy(task.listedUrl),
    unlisted: await viaProxy(task.unlistedUrl),
    doctor,
  };
  process.stdout.write(`${JSON.stringify(said)}\n`);
  for (const relay of relays) await relay.close();
}

await main();
