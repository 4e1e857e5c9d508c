import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { parseStrict } from '#lib/core/json/parse-strict.ts';
import { isJsonObject, type JsonObject } from '#lib/core/json/value.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { toolDefinitionDigest } from '#lib/core/servers/definition.ts';
import { isToolName } from '#lib/core/servers/names.ts';
import {
  isProtocolMethod,
  methodDefinition,
  PROTOCOL_METHODS,
  protocolMethod,
} from '#lib/core/servers/protocol-methods.ts';
import type { ConfigRefusal } from '../db/config-write.ts';
import { egressDenialIn } from '../egress/egress-denied.ts';
import type { GuardedFetch } from '../egress/guarded-fetch.ts';
import { childTransport } from '../runner/child-transport.ts';
import type { ChildHandle, StartRefusal } from '../runner/runner-client.ts';

/** Where the server is: its address, or how the runner is asked for its program. */
export type DiscoveryTarget =
  | { readonly kind: 'http'; readonly url: string; readonly fetch: GuardedFetch }
  | { readonly kind: 'stdio'; readonly start: () => Promise<Result<ChildHandle, StartRefusal>> };

export type FoundTool = { readonly name: string; readonly definition: JsonObject; readonly digest: string };

/** What the server said about itself. All of it is text of whoever runs it. */
export type Discovery = {
  readonly serverInfo: JsonObject | null;
  readonly capabilities: JsonObject | null;
  readonly protocolVersion: string | null;
  readonly tools: readonly FoundTool[];
  /** Tools left out because their name or definition cannot be used safely. */
  readonly leftOut: number;
};

const DEADLINE_MS = 20_000;
const LEAVE_MS = 1_000;
const MAX_TOOLS = 2000;
const MAX_PAGES = 200;
const MAX_DEFINITION_BYTES = 256 * 1024;
const MOST_LINE_BYTES = 32 * 1024 * 1024;
const PAGE = z.looseObject({
  tools: z.array(z.looseObject({ name: z.string() })),
  nextCursor: z.string().optional(),
});

/**
 * Reads all tools of a server with the official MCP client, over all pages, within 20 seconds.
 *
 * The server is an adversary: at most 2,000 tools, 256 KiB a definition, a page cursor never twice, a name never twice.
 * A tool whose name could pass for another, or whose definition is not I-JSON, is left out and so stays uncallable.
 * Where the server declares resources, prompts or completions, their methods are found as well, under our definition:
 * reading a resource is a call like any other.
 */
export async function discoverTools(target: DiscoveryTarget): Promise<Result<Discovery, ConfigRefusal>> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const opened = await openTransport(target);
  if (!opened.ok) return opened;
  const { transport, version, leave } = opened.value;
  const client = new Client({ name: 'countersign', version: '0.1.0' }, { capabilities: {} });
  try {
    await client.connect(transport, { signal: deadline, timeout: DEADLINE_MS });
    const capabilities = client.getServerCapabilities();
    const listed = capabilities?.tools === undefined ? ok([]) : await readPages(client, deadline);
    if (!listed.ok) return listed;
    return collect(listed.value, {
      serverInfo: plainObject(client.getServerVersion()),
      capabilities: plainObject(capabilities),
      protocolVersion: version(),
    });
  } catch (error) {
    const denied = egressDenialIn(error);
    if (denied !== null) return err({ code: 'egress-denied', detail: denied.reason });
    return err({ code: 'scan-failed', detail: reasonOf(error, deadline) });
  } finally {
    await leave();
    await client.close().catch(() => undefined);
  }
}

type Opened = {
  readonly transport: Transport;
  readonly version: () => string | null;
  /** Ends the upstream's session, so that rescans leave none behind; never waits long for it. */
  readonly leave: () => Promise<unknown>;
};

async function openTransport(target: DiscoveryTarget): Promise<Result<Opened, ConfigRefusal>> {
  if (target.kind === 'stdio') {
    const started = await target.start();
    if (!started.ok) return err({ code: 'scan-failed', detail: started.error.detail });
    const transport = childTransport(started.value, MOST_LINE_BYTES);
    return ok({ transport, version: transport.negotiated, leave: () => Promise.resolve() });
  }
  const http = new StreamableHTTPClientTransport(new URL(target.url), {
    fetch: target.fetch,
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 1000,
      maxReconnectionDelay: 1000,
      reconnectionDelayGrowFactor: 1,
    },
  });
  const leave = () =>
    Promise.race([http.terminateSession().catch(() => undefined), delay(LEAVE_MS, undefined, { ref: false })]);
  return ok({ transport: plainTransport(http), version: () => http.protocolVersion ?? null, leave });
}

/** The HTTP transport without its `sessionId` member, whose declared type exact optional types refuse. */
function plainTransport(http: StreamableHTTPClientTransport): Transport {
  const transport: Transport = {
    start: () => http.start(),
    send: (message) => http.send(message),
    close: () => http.close(),
    setProtocolVersion: (version) => http.setProtocolVersion(version),
  };
  http.onmessage = (message) => transport.onmessage?.(message);
  http.onerror = (error) => transport.onerror?.(error);
  http.onclose = () => transport.onclose?.();
  return transport;
}

type ListedTool = z.infer<typeof PAGE>['tools'][number];

async function readPages(client: Client, deadline: AbortSignal): Promise<Result<ListedTool[], ConfigRefusal>> {
  const tools: ListedTool[] = [];
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const params = cursor === undefined ? {} : { cursor };
    const answer = await client.request({ method: 'tools/list', params }, PAGE, {
      signal: deadline,
      timeout: DEADLINE_MS,
    });
    tools.push(...answer.tools);
    if (tools.length > MAX_TOOLS) {
      return err({ code: 'scan-failed', detail: `The server lists more than ${MAX_TOOLS} tools.` });
    }
    cursor = answer.nextCursor;
    if (cursor === undefined) return ok(tools);
    if (cursors.has(cursor)) return err({ code: 'scan-failed', detail: 'The server repeats a page cursor.' });
    cursors.add(cursor);
  }
  return err({ code: 'scan-failed', detail: `The server's list has more than ${MAX_PAGES} pages.` });
}

function collect(
  listed: readonly ListedTool[],
  about: Pick<Discovery, 'serverInfo' | 'capabilities' | 'protocolVersion'>,
): Result<Discovery, ConfigRefusal> {
  const tools = new Map<string, FoundTool>();
  let leftOut = 0;
  for (const tool of listed) {
    const definition = plainObject(tool);
    if (definition === null || !isToolName(tool.name) || isProtocolMethod(tool.name)) {
      leftOut++;
      continue;
    }
    if (tools.has(tool.name)) return err({ code: 'scan-failed', detail: 'The server lists two tools of one name.' });
    tools.set(tool.name, { name: tool.name, definition, digest: toolDefinitionDigest(definition) });
  }
  return ok({ ...about, tools: [...tools.values(), ...methodsOf(about.capabilities)], leftOut });
}

function methodsOf(capabilities: JsonObject | null): readonly FoundTool[] {
  if (capabilities === null) return [];
  return PROTOCOL_METHODS.filter((method) => Object.hasOwn(capabilities, protocolMethod(method).capability)).map(
    (method) => {
      const definition = methodDefinition(method);
      return { name: method, definition, digest: toolDefinitionDigest(definition) };
    },
  );
}

/** A member of the server's answers as I-JSON of a bounded size, or null. */
function plainObject(value: unknown): JsonObject | null {
  if (value === undefined) return null;
  const read = parseStrict(JSON.stringify(value), { maxBytes: MAX_DEFINITION_BYTES });
  return read.ok && isJsonObject(read.value) ? read.value : null;
}

/** A sentence without the server's own words: error texts are the upstream's and may carry anything. */
function reasonOf(error: unknown, deadline: AbortSignal): string {
  if (deadline.aborted) return `The server did not answer within ${DEADLINE_MS / 1000} s.`;
  const code = errorCode(error);
  if (code !== null) return `The server could not be reached (${code}).`;
  if (error instanceof McpError && error.code === ErrorCode.ConnectionClosed) {
    return 'The connection ended before the server answered. If it is a program: does it start by hand, with these arguments?';
  }
  return 'The server did not speak MCP as expected.';
}

function errorCode(error: unknown): string | null {
  let current: unknown = error;
  for (let depth = 0; depth < 8 && current instanceof Error; depth++) {
    if ('code' in current) {
      const { code } = current;
      if (typeof code === 'string' && /^[A-Z_]{3,40}$/.test(code)) return code;
      if (typeof code === 'number' && code >= 400 && code < 600) return `HTTP ${code}`;
    }
    current = current.cause;
  }
  return null;
}
