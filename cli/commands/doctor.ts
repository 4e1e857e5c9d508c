import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { toVisible } from '#lib/core/text/visible.ts';
import type { Env } from '#lib/server/env.ts';
import type { Cli } from '../cli.ts';
import { checkAgentHost } from '../doctor/check-agent-host.ts';
import { checkHost } from '../doctor/check-host.ts';
import { checkInstallation } from '../doctor/check-installation.ts';
import { checkRunner } from '../doctor/check-runner.ts';
import { type Finding, isBad } from '../doctor/finding.ts';
import { openHost } from '../host.ts';
import { EXIT, failed, type Outcome } from '../outcome.ts';

const MARKS = { good: 'ok  ', bad: 'BAD ', unknown: '?   ' } as const;

type DoctorOptions = {
  readonly fromAgentHost?: true;
  readonly gateway?: string;
  readonly proxy?: string;
  readonly tokenFile?: string;
  readonly through?: string;
  readonly upstream: readonly string[];
};

export function addDoctor(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .description('check this host and its installation, or that an agent’s host is confined to gateway and proxy')
    .option('--from-agent-host', 'run where the agent runs: prove that gateway and proxy are the only ways out')
    .option('--gateway <url>', 'with --from-agent-host: the gateway (default: GATEWAY_URL)')
    .option(
      '--proxy <url>',
      'with --from-agent-host: the egress proxy (default: the gateway’s host, EGRESS_PROXY_PORT)',
    )
    .option('--token-file <file>', 'with --from-agent-host: a token of the agent for the audience /egress')
    .option('--through <host:port>', 'with --token-file: a destination on the agent’s list')
    .addOption(
      new Option(
        '--upstream <url>',
        'with --from-agent-host: an upstream server, which must not be reachable from here',
      )
        .argParser((value: string, list: readonly string[]) => [...list, value])
        .default([], 'none'),
    )
    .action((options: DoctorOptions) =>
      cli.run((env) => (options.fromAgentHost === true ? fromAgentHost(env, options) : fromHost(env))),
    );
}

async function fromHost(env: Env): Promise<Outcome> {
  const findings: Finding[] = [...(await checkHost(env)), await checkRunner(env)];
  const opened = await openHost(env);
  if (opened.ok) {
    try {
      findings.push(...(await checkInstallation(opened.value)));
    } finally {
      await opened.value.close();
    }
  } else {
    findings.push({ check: 'database', state: 'unknown', sentence: opened.error.lines.join(' ') });
  }
  return conclude(findings);
}

async function fromAgentHost(env: Env, options: DoctorOptions): Promise<Outcome> {
  const gateway = options.gateway ?? env.gatewayUrl;
  const proxy = options.proxy ?? proxyBeside(gateway, env.egressProxyPort);
  for (const url of [gateway, proxy, ...options.upstream]) {
    if (!/^https?:\/\//.test(url) || !URL.canParse(url))
      return failed(EXIT.usage, 'usage', `${url} is no http(s) URL.`);
  }
  const token = options.tokenFile === undefined ? null : readToken(options.tokenFile);
  if (token === undefined) return failed(EXIT.usage, 'usage', `${options.tokenFile} cannot be read as a token.`);
  const { through = null, upstream: upstreams } = options;
  return conclude(await checkAgentHost({ gateway, proxy, token, through, upstreams }));
}

function proxyBeside(gateway: string, port: number): string {
  if (!URL.canParse(gateway)) return gateway;
  const url = new URL(gateway);
  url.port = String(port);
  return url.origin;
}

/** The token as one word; undefined when the file is not there or holds something else. */
function readToken(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return /^[A-Za-z0-9._~+/=-]{1,4000}$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

function conclude(findings: readonly Finding[]): Outcome {
  const bad = findings.filter(isBad).length;
  return {
    exit: bad === 0 ? EXIT.ok : EXIT.refused,
    data: { findings, bad },
    lines: [
      ...findings.map(({ check, state, sentence }) => toVisible(`${MARKS[state]} ${check.padEnd(12)} ${sentence}`)),
      bad === 0 ? 'Nothing bad was found.' : `${bad} check(s) failed.`,
    ],
  };
}
