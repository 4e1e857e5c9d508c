import { sha256Hex } from '../hash/sha256.ts';
import { canonicalJson } from '../json/canonical.ts';
import { isName, isToolName } from './name-rules.ts';

export { isName, isToolName };

const SEPARATOR = '__';

/** The name a tool has on the aggregate endpoint. */
export function qualifiedToolName(server: string, tool: string): string {
  return `${server}${SEPARATOR}${tool}`;
}

/** Splits `server__tool` at the first separator, or null when either part is not a valid name. */
export function splitQualified(name: string): { readonly server: string; readonly tool: string } | null {
  const at = name.indexOf(SEPARATOR);
  if (at === -1) return null;
  const server = name.slice(0, at);
  const tool = name.slice(at + SEPARATOR.length);
  return isName(server) && isToolName(tool) ? { server, tool } : null;
}

/** What identifies an upstream: another address or command is another server, whatever its name says. */
export type ServerConfig = {
  readonly transport: 'http' | 'stdio' | 'external';
  readonly url?: string | null | undefined;
  readonly command?: readonly string[] | null | undefined;
  /** Folders of the host that the command may write to. */
  readonly writable?: readonly string[] | undefined;
};

/** Hex SHA-256 over the upstream's identity; part of every digest, so re-pointing a server voids its approvals. */
export function serverConfigHash(config: ServerConfig): string {
  const { transport, url = null, command = null, writable = [] } = config;
  // Absent where there is none, so that identities from before folders could be named stay what they are.
  const folders = writable.length === 0 ? {} : { writable };
  return sha256Hex(`countersign/server-config/v1\n${canonicalJson({ transport, url, command, ...folders })}`);
}
