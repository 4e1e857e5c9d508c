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
  /** The member that names what is asked for; clients of the 2026-07-28 revision mirror it in a header. */
  readonly nameMember: 'uri' | 'name' | null;
  readonly description: string;
  readonly inputSchema: JsonObject;
};

const cursor: JsonObject = { type: 'object', properties: { cursor: { type: 'string' } }, additionalProperties: false };
const texts: JsonObject = { type: 'object', additionalProperties: { type: 'string' } };

const ROWS: Readonly<Record<ProtocolMethod, MethodRow>> = {
  'resources/list': {
    capability: 'resources',
    actionClass: 'docs-search',
    nameMember: null,
    description: 'Lists the resources of the server (a method of the protocol, not a tool of the server).',
    inputSchema: cursor,
  },
  'resources/templates/list': {
    capability: 'resources',
    actionClass: 'docs-search',
    nameMember: null,
    description: 'Lists the resource templates of the server (a method of the protocol, not a tool of the server).',
    inputSchema: cursor,
  },
  'resources/read': {
    capability: 'resources',
    actionClass: 'file-read',
    nameMember: 'uri',
    description: 'Reads one resource of the server (a method of the protocol, not a tool of the server).',
    inputSchema: {
      type: 'object',
      properties: { uri: { type: 'string' } },
      required: ['uri'],
      additionalProperties: false,
    },
  },
  'prompts/list': {
    capability: 'prompts',
    actionClass: 'docs-search',
    nameMember: null,
    description: 'Lists the prompts of the server (a method of the protocol, not a tool of the server).',
    inputSchema: cursor,
  },
  'prompts/get': {
    capability: 'prompts',
    actionClass: 'docs-search',
    nameMember: 'name',
    description: 'Gets one prompt of the server, filled in (a method of the protocol, not a tool of the server).',
    inputSchema: {
      type: 'object',
      properties: { name: { type: 'string' }, arguments: texts },
      required: ['name'],
      additionalProperties: false,
    },
  },
  'completion/complete': {
    capability: 'completions',
    actionClass: 'docs-search',
    nameMember: null,
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
  const { description, inputSchema } = ROWS[method];
  return { name: method, description, inputSchema };
}
