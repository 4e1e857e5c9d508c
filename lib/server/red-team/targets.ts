// Server-only. Where a run attacks: this installation's own listeners, as an agent reaches them.
import { readFileSync } from 'node:fs';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Env } from '../env.ts';

export type Targets = {
  /** The public URL of the gateway, which tokens name as their audience. */
  readonly gatewayUrl: string;
  /** Where it is connected to; the same but in tests. */
  readonly connectUrl: string;
  /** Null where no console runs: what is attacked there is left out. */
  readonly consoleUrl: string | null;
  readonly proxy: { readonly host: string; readonly port: number; readonly ca: Buffer | null };
  /** What runs here, as a change of it is a reason to run again. */
  readonly build: string;
};

/** The listeners that the environment names. */
export function targetsOf(env: Env): Targets {
  const { bindAddress, egressProxyPort, tlsCertFile, gatewayUrl, consoleUrl } = env;
  const host = bindAddress === '0.0.0.0' ? '127.0.0.1' : bindAddress === '::' ? '::1' : bindAddress;
  const ca = tlsCertFile === undefined ? null : readFileSync(tlsCertFile);
  return {
    gatewayUrl,
    connectUrl: gatewayUrl,
    consoleUrl,
    proxy: { host, port: egressProxyPort, ca },
    build: packageJson.version,
  };
}
