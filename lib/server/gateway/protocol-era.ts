// Server-only. Which revision a message speaks. The body says it; headers are only checked against it.
import type { IncomingHttpHeaders } from 'node:http';
import type { ProblemCode } from '#lib/contracts/problems.ts';
import { isJsonObject, type JsonObject, type JsonValue, ownValue } from '#lib/core/json/value.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { RpcMessage } from './json-rpc.ts';
import { disagreement } from './mirrored-headers.ts';

/** Revisions with a handshake and sessions, newest first. */
export const SESSION_VERSIONS: readonly string[] = ['2025-11-25', '2025-06-18', '2025-03-26'];
/** The revision in which every request speaks for itself. */
export const STATELESS_VERSION = '2026-07-28';
export const ALL_VERSIONS: readonly string[] = [STATELESS_VERSION, ...SESSION_VERSIONS];

export const META = {
  version: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  capabilities: 'io.modelcontextprotocol/clientCapabilities',
  logLevel: 'io.modelcontextprotocol/logLevel',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
} as const;
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

/** What a stateless client says it can do; nothing of it gives it any right. */
export type StatelessClient = {
  readonly takesTasks: boolean;
  readonly takesLinks: boolean;
  readonly logLevel: string | null;
};
export type Era = { readonly kind: 'session' } | { readonly kind: 'stateless'; readonly client: StatelessClient };

export type EraRefusal = {
  readonly code: Extract<ProblemCode, 'header-mismatch' | 'unsupported-version' | 'bad-envelope'>;
  readonly detail: string;
  readonly data: Readonly<Record<string, JsonValue>>;
};

/**
 * Tells the era of a message and whether its headers repeat what it says.
 *
 * A proxy in front may route or filter by `Mcp-Method` and `Mcp-Name`; whoever could make them differ from the body would
 * be let through as something else. So a header that disagrees is refused in both eras, and the newer one must send them.
 * Node joins repeated headers by a comma, so two of one kind disagree as well.
 */
export function readEra(message: RpcMessage, headers: IncomingHttpHeaders): Result<Era, EraRefusal> {
  const header = headers['mcp-protocol-version'];
  const version = typeof header === 'string' ? header.trim() : undefined;
  if (message.kind === 'response') return sessionEra(version);
  const meta = ownValue(message.params, '_meta');
  const claimed = isJsonObject(meta) ? ownValue(meta, META.version) : undefined;
  if (claimed === undefined) {
    if (version !== STATELESS_VERSION) {
      const odd = disagreement(message, headers, 'where-sent');
      return odd === null ? sessionEra(version) : err(mismatch(odd));
    }
    if (message.kind === 'request')
      return err(badEnvelope(`_meta must name ${META.version} and ${META.capabilities}.`));
    const odd = disagreement(message, headers, 'where-sent');
    return odd === null ? ok({ kind: 'stateless', client: NOBODY }) : err(mismatch(odd));
  }
  return statelessEra(message, headers, { claimed, meta: isJsonObject(meta) ? meta : {}, version });
}

const NOBODY: StatelessClient = { takesTasks: false, takesLinks: false, logLevel: null };
const SESSION: Result<Era, EraRefusal> = ok({ kind: 'session' });

function sessionEra(version: string | undefined): Result<Era, EraRefusal> {
  return version === undefined || SESSION_VERSIONS.includes(version) ? SESSION : err(unsupported(version));
}

function statelessEra(
  message: Exclude<RpcMessage, { kind: 'response' }>,
  headers: IncomingHttpHeaders,
  said: { readonly claimed: JsonValue; readonly meta: JsonObject; readonly version: string | undefined },
): Result<Era, EraRefusal> {
  const { claimed, meta, version } = said;
  if (typeof claimed !== 'string') return err(badEnvelope(`${META.version} must be a text.`));
  const capabilities = ownValue(meta, META.capabilities);
  if (message.kind === 'request' && !isJsonObject(capabilities)) {
    return err(badEnvelope(`${META.capabilities} must be an object.`));
  }
  const info = ownValue(meta, META.clientInfo);
  if (info !== undefined && !isJsonObject(info)) return err(badEnvelope(`${META.clientInfo} must be an object.`));
  if (version !== undefined && version !== claimed) return err(mismatch('MCP-Protocol-Version'));
  if (claimed !== STATELESS_VERSION) return err(unsupported(claimed));
  if (version === undefined) return err(mismatch('MCP-Protocol-Version'));
  const odd = disagreement(message, headers, message.kind === 'request' ? 'required' : 'where-sent');
  if (odd !== null) return err(mismatch(odd));
  return ok({ kind: 'stateless', client: readClient(isJsonObject(capabilities) ? capabilities : {}, meta) });
}

function readClient(capabilities: JsonObject, meta: JsonObject): StatelessClient {
  const extensions = ownValue(capabilities, 'extensions');
  const elicitation = ownValue(capabilities, 'elicitation');
  const logLevel = ownValue(meta, META.logLevel);
  return {
    takesTasks: isJsonObject(extensions) && isJsonObject(ownValue(extensions, TASKS_EXTENSION)),
    takesLinks: isJsonObject(elicitation) && isJsonObject(ownValue(elicitation, 'url')),
    logLevel: typeof logLevel === 'string' ? logLevel : null,
  };
}

/** The header's own text is not repeated: what disagrees is somebody's attempt to be read in two ways. */
function mismatch(header: string): EraRefusal {
  return { code: 'header-mismatch', detail: `The header ${header} does not say what the body says.`, data: { header } };
}

function unsupported(requested: string): EraRefusal {
  return {
    code: 'unsupported-version',
    detail: 'Unsupported protocol version',
    data: { supported: [...ALL_VERSIONS], requested: requested.slice(0, 64) },
  };
}

function badEnvelope(detail: string): EraRefusal {
  return { code: 'bad-envelope', detail, data: {} };
}
