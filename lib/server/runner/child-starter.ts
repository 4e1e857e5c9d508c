// Server-only. How the rest of the server asks for a child: by the server's name and identity.
import { err, type Result } from '#lib/core/result.ts';
import { serverProxyUrl } from '../egress-proxy/proxy-credential.ts';
import type { Env } from '../env.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { Log } from '../log.ts';
import { egressProxyOrigin } from './proxy-origin.ts';
import { type ChildHandle, createRunnerClient, type RunnerClient, type StartRefusal } from './runner-client.ts';
import { runnerSocketPath } from './socket-path.ts';

/** What is asked for; a server that is not registered (yet) has neither id nor epoch, and its program no way out. */
type AskedServer = {
  readonly name: string;
  readonly configHash: string;
  readonly id?: string;
  readonly proxyEpoch?: number;
};

/** `env` are the variables of the server's credential. Each child gets a credential for the egress proxy of its own. */
export type StartChild = (
  server: AskedServer,
  env?: Readonly<Record<string, string>>,
) => Promise<Result<ChildHandle, StartRefusal>>;

const UNSUPPORTED = 'stdio servers are not supported on this platform.';

/** Asks the runner of this host, with the server's own name for the egress proxy. */
export function createChildStarter(parts: {
  readonly runner: Pick<RunnerClient, 'start'>;
  readonly keys: Pick<Keys, 'masterKey'>;
  readonly proxyOrigin: string;
  readonly platform?: NodeJS.Platform;
}): StartChild {
  const { runner, keys, proxyOrigin, platform = process.platform } = parts;
  // A socket that only our user can open is what keeps everybody else from the runner.
  if (platform === 'win32') return () => Promise.resolve(err({ code: 'upstream-failed', detail: UNSUPPORTED }));
  return ({ name, configHash, id, proxyEpoch }, env = {}) =>
    runner.start({
      server: name,
      configHash,
      env,
      proxyUrl:
        id === undefined || proxyEpoch === undefined
          ? null
          : serverProxyUrl(keys, { name, serverId: id, configHash, proxyEpoch }, proxyOrigin),
    });
}

/** The same for an installation, told by its environment. */
export function childStarterOf(
  env: Pick<Env, 'dataDir' | 'bindAddress' | 'egressProxyPort'>,
  keys: Pick<Keys, 'masterKey'>,
  log: Log,
): StartChild {
  const runner = createRunnerClient({ socketPath: runnerSocketPath(env.dataDir), log });
  return createChildStarter({ runner, keys, proxyOrigin: egressProxyOrigin(env) });
}

/** Where nobody said how children are started, none is: never here, in this process. */
export const noChildren: StartChild = () =>
  Promise.resolve(err({ code: 'upstream-failed', detail: 'This process has no way to the runner of stdio servers.' }));
