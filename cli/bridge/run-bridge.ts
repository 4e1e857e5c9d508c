// The command, whichever program it is part of: options judged, then one of three ways to run until the client goes.

import { err, ok, type Result } from '#lib/core/result.ts';
import { isName } from '#lib/core/servers/names.ts';
import { EXIT, type ExitCode } from '../outcome.ts';
import { type CredentialFiles, judgeFiles, readCredentials } from './credentials.ts';
import { createDecisionApi } from './decision-api.ts';
import { closeConnections } from './exchange.ts';
import { runGatedServer } from './gated-server.ts';
import { type BridgeEnd, runGatewayBridge } from './gateway-bridge.ts';
import { renewTokenFile } from './renew-token-file.ts';
import { looksLikeSecret } from './secret-file.ts';
import { createTokenSource } from './token-source.ts';

/** What was typed. */
export type BridgeFlags = CredentialFiles & {
  readonly server?: string;
  readonly command?: readonly string[];
  readonly url: string;
  readonly allowHttp?: boolean;
  readonly aggregate?: boolean;
  readonly stdio?: boolean;
  readonly renewTokenFile?: string;
  readonly audience?: string;
  readonly once?: boolean;
  readonly patience: number;
  readonly hold: number;
};

export type BridgeStreams = {
  readonly input: AsyncIterable<unknown>;
  readonly write: (line: string) => void;
  readonly say: (sentence: string) => void;
  readonly stop: AbortSignal;
};

type Plan =
  | { readonly kind: 'gateway'; readonly path: string }
  | { readonly kind: 'gated'; readonly server: string; readonly command: readonly string[] }
  | { readonly kind: 'renew'; readonly file: string; readonly audience: string };

const EXITS: Readonly<Record<BridgeEnd, ExitCode>> = {
  done: EXIT.ok,
  refused: EXIT.refused,
  unreachable: EXIT.unreachable,
};
const AUDIENCE = /^\/(mcp(\/[a-z0-9-]{1,32})?|api\/v1\/calls|egress)$/;

/** Runs one bridge and answers its exit code: 0 the client went, 1 refused, 2 usage, 3 the gateway was never there. */
export async function runBridge(flags: BridgeFlags, streams: BridgeStreams): Promise<ExitCode> {
  const judged = judge(flags);
  if (!judged.ok) {
    streams.say(judged.error);
    return EXIT.usage;
  }
  const read = readCredentials(flags);
  if (!read.ok) {
    streams.say(read.error);
    return EXIT.refused;
  }
  try {
    return EXITS[await start(judged.value.plan, judged.value.gatewayUrl, flags, streams)];
  } finally {
    closeConnections();
  }
}

function judge(flags: BridgeFlags): Result<{ readonly plan: Plan; readonly gatewayUrl: URL }, string> {
  const plan = planOf(flags);
  if (!plan.ok) return plan;
  const gatewayUrl = gatewayOf(flags);
  if (!gatewayUrl.ok) return gatewayUrl;
  const fault = judgeFiles(flags);
  return fault === null ? ok({ plan: plan.value, gatewayUrl: gatewayUrl.value }) : err(fault);
}

function start(plan: Plan, gatewayUrl: URL, flags: BridgeFlags, streams: BridgeStreams): Promise<BridgeEnd> {
  switch (plan.kind) {
    case 'gateway': {
      const tokens = createTokenSource({ ...flags, gatewayUrl, audience: plan.path });
      const endpoint = new URL(plan.path, gatewayUrl);
      return runGatewayBridge({ ...streams, endpoint, tokens, patienceMs: flags.patience * 1000 });
    }
    case 'gated': {
      const tokens = createTokenSource({ ...flags, gatewayUrl, audience: '/api/v1/calls' });
      const { server, command } = plan;
      const api = createDecisionApi(gatewayUrl, tokens);
      return runGatedServer({ ...streams, server, command, api, holdMs: flags.hold * 1000 });
    }
    case 'renew':
      return renewTokenFile({ ...flags, ...streams, ...plan, gatewayUrl, once: flags.once === true });
  }
}

function planOf(flags: BridgeFlags): Result<Plan, string> {
  const { server, command = [], aggregate, stdio, renewTokenFile: file, audience } = flags;
  const files = [flags.tokenFile, flags.clientId, flags.clientSecretFile, flags.keyFile];
  const typed = [server, audience, file, ...files, ...command].filter((one) => one !== undefined);
  if (typed.some(looksLikeSecret)) return err('Secrets do not belong on a command line: others see it. Use a file.');
  if (server !== undefined && !isName(server)) return err('That is not the name of a server.');
  if (file !== undefined) {
    if (server !== undefined || stdio === true) return err('--renew-token-file takes --audience and no server.');
    return audience !== undefined && AUDIENCE.test(audience)
      ? ok({ kind: 'renew', file, audience })
      : err('--renew-token-file needs --audience: /mcp/<server>, /mcp, /api/v1/calls or /egress.');
  }
  if (stdio === true) {
    if (server === undefined || command.length === 0) return err('Type: bridge --stdio <server> -- <command…>.');
    return ok({ kind: 'gated', server, command });
  }
  if (command.length > 0) return err('A command to run needs --stdio.');
  if (aggregate === true)
    return server === undefined ? ok({ kind: 'gateway', path: '/mcp' }) : err('Either a server or --aggregate.');
  return server === undefined
    ? err('Name the server, or --aggregate.')
    : ok({ kind: 'gateway', path: `/mcp/${server}` });
}

/** The gateway's origin. Plain HTTP beyond this machine would show the token to the network. */
function gatewayOf(flags: BridgeFlags): Result<URL, string> {
  if (!URL.canParse(flags.url)) return err('--url must be the gateway’s address, as in https://gateway.example.com.');
  const url = new URL(flags.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return err('--url must begin with https:// or http://.');
  if (url.username !== '' || url.password !== '') return err('--url may not hold a password.');
  if (url.pathname !== '/' || url.search !== '') return err('--url is the gateway’s address without a path.');
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'http:' && !isHere && flags.allowHttp !== true) {
    return err('Plain http:// beyond this machine shows the token to the network: use https://, or --allow-http.');
  }
  return ok(url);
}
