// Server-only.
import type { Env } from '../env.ts';

/** Where the egress proxy is reached from this machine. */
export function egressProxyOrigin(env: Pick<Env, 'bindAddress' | 'egressProxyPort'>): string {
  return `http://${hostOf(env.bindAddress)}:${env.egressProxyPort}`;
}

function hostOf(bindAddress: string): string {
  if (bindAddress === '0.0.0.0') return '127.0.0.1';
  if (bindAddress === '::') return '[::1]';
  return bindAddress.includes(':') ? `[${bindAddress}]` : bindAddress;
}
