// The check of an agent's own machine, from what was typed there. Must stay free of the database: it is in the agents' file.
import { readFileSync } from 'node:fs';
import type { Env } from '#lib/server/env.ts';
import { EXIT, failed, type Outcome } from '../outcome.ts';
import { checkAgentHost } from './check-agent-host.ts';
import { conclude } from './conclude.ts';

/** What was typed. */
export type AgentHostFlags = {
  readonly gateway?: string;
  readonly proxy?: string;
  readonly tokenFile?: string;
  readonly through?: string;
  readonly upstream: readonly string[];
};

/** Judges what was typed and runs the check; addresses that were not given come from the environment. */
export async function fromAgentHost(env: Env, flags: AgentHostFlags): Promise<Outcome> {
  const gateway = flags.gateway ?? env.gatewayUrl;
  const proxy = flags.proxy ?? proxyBeside(gateway, env.egressProxyPort);
  for (const url of [gateway, proxy, ...flags.upstream]) {
    if (!/^https?:\/\//.test(url) || !URL.canParse(url))
      return failed(EXIT.usage, 'usage', `${url} is no http(s) URL.`);
  }
  const token = flags.tokenFile === undefined ? null : readToken(flags.tokenFile);
  if (token === undefined) return failed(EXIT.usage, 'usage', `${flags.tokenFile} cannot be read as a token.`);
  const { through = null, upstream: upstreams } = flags;
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
