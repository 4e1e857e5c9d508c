import type { JsonObject } from '../json/value.ts';
import type { ActionClass } from '../risk/types.ts';

/** Methods beside tools/call that make an upstream do something for an agent. Each is governed as a tool of that name. */
export const PROTOCOL_METHODS = [
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'prompts/list',
  'prompts/get',
  'completion/complete',
] as const;
export type ProtocolMethod = (typeof PROTOCOL_METHODS)[number];

/** What a server must declare for the method to be there at all. */
export type MethodCapability = 'resources' | 'prompts' | 'completions';

type MethodRow = {
  readonly capability: MethodCapability;
  readonly actionClass: ActionClass;
  readonly description: string;
  readonly inputSchema: JsonObject;
  /** What it hands out may have been written by anybody: reading it taints the session. */
  readonly annotations?: JsonObject;
};

const cursor: JsonObject = { type: 'object', properties: { cursor: { type: 'string' } }, additionalProperties: false };
const OPEN_WORLD: JsonObject = { openWorldHint: true };
const texts: JsonObject = { type: 'object', additionalProperties: { type: 'string' } };

const ROWS: Readonly<Record<ProtocolMethod, MethodRow>> = {
  'resources/list': {
    capability: 'resources',
    actionClass: 'other',
    description: 'Lists the resources of the server (a method of the protocol, not a tool of the server).',
    inputSchema: cursor,
  },
  'resources/templates/list': {
    capability: 'resources',
    actionClass: 'other',
    description: 'Lists the resource templates of the server (a method of the protocol, not a tool of the server).',
    inputSchema: cursor,
  },
  'resources/read': {
    capability: 'resources',
    actionClass: 'file-read',
    description: 'Reads one resource of the server (a method of the protocol, not a tool of the server).',
    annotations: OPEN_WORLD,
    inputSchema: {
      type: 'object',
      properties: { uri: { type: 'string' } },
      required: ['uri'],
      additionalProperties: false,
    },
  },
  'prompts/list': {
    capability: 'prompts',
    actionClass: 'other',
    description: 'Lists the prompts of the server (a method of the protocol, not a tool of the server).',
    inputSchema: cursor,
  },
  'prompts/get': {
    capability: 'prompts',
    actionClass: 'docs-search',
    description: 'Gets one prompt of the server, filled in (a method of the protocol, not a tool of the server).',
    annotations: OPEN_WORLD,
    inputSchema: {
      type: 'object',
      properties: { name: { type: 'string' }, arguments: texts },
      required: ['name'],
      additionalProperties: false,
    },
  },
  'completion/complete': {
    capability: 'completions',
    actionClass: 'other',
    description: 'Completes an argument of a prompt or template (a method of the protocol, not a tool of the server).',
    inputSchema: {
      type: 'object',
      properties: {
        ref: { type: 'object' },
        argument: {
          type: 'object',
          properties: { name: { type: 'string' }, value: { type: 'string' } },
          required: ['name', 'value'],
          additionalProperties: false,
        },
        context: { type: 'object', properties: { arguments: texts }, additionalProperties: false },
      },
      required: ['ref', 'argument'],
      additionalProperties: false,
    },
  },
};

/**
 * Whether a tool of this name is one of the protocol's methods. The names are reserved: a server's own tool of such a
 * name is left out, or a call of it would pass under the acceptance of something else.
 */
export function isProtocolMethod(name: string): name is ProtocolMethod {
  return Object.hasOwn(ROWS, name);
}

/** What is known of a method, whoever the server is. */
export function protocolMethod(method: ProtocolMethod): MethodRow {
  return ROWS[method];
}

/** The definition that a human accepts for a method. It is ours and fixed, so only a new release can make it drift. */
export function methodDefinition(method: ProtocolMethod): JsonObject {
  const { description, inputSchema, annotations } = ROWS[method];
  return { name: method, description, inputSchema, ...(annotations === undefined ? {} : { annotations }) };
}
