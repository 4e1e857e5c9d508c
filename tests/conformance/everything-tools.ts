// The tools that the official conformance suite expects a server to have, as its scenarios describe them.
import { setTimeout as delay } from 'node:timers/promises';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  type CallToolRequest,
  type CallToolResult,
  CreateMessageResultSchema,
  ElicitResultSchema,
  type ServerNotification,
  type ServerRequest,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';

/** One red pixel. */
export const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';
const STEP_MS = 20;
const NO_ARGUMENTS = { type: 'object' as const, properties: {} };

type Extra = Pick<RequestHandlerExtra<ServerRequest, ServerNotification>, 'sendNotification' | 'sendRequest'>;
type Run = (call: CallToolRequest['params'], extra: Extra) => Promise<CallToolResult> | CallToolResult;

const text = (said: string): CallToolResult => ({ content: [{ type: 'text', text: said }] });
const image = { type: 'image' as const, data: PNG, mimeType: 'image/png' };

const WAIT = { timeout: 3_000 };

async function asksTheModel(call: CallToolRequest['params'], { sendRequest }: Extra): Promise<CallToolResult> {
  const content = { type: 'text' as const, text: String(call.arguments?.prompt ?? '') };
  const params = { messages: [{ role: 'user' as const, content }], maxTokens: 10 };
  const answer = await sendRequest({ method: 'sampling/createMessage', params }, CreateMessageResultSchema, WAIT);
  return text(`LLM response: ${JSON.stringify(answer.content)}`);
}

async function asksTheUser(_call: CallToolRequest['params'], { sendRequest }: Extra): Promise<CallToolResult> {
  const requestedSchema = { type: 'object' as const, properties: { name: { type: 'string' as const } } };
  const params = { message: 'Please answer.', requestedSchema };
  const answer = await sendRequest({ method: 'elicitation/create', params }, ElicitResultSchema, WAIT);
  return text(`User response: ${JSON.stringify(answer)}`);
}

const RUNS: Readonly<Record<string, Run>> = {
  test_simple_text: () => text('This is a simple text response for testing.'),
  test_image_content: () => ({ content: [image] }),
  test_audio_content: () => ({ content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] }),
  test_embedded_resource: () => ({
    content: [
      {
        type: 'resource',
        resource: {
          uri: 'test://embedded-resource',
          mimeType: 'text/plain',
          text: 'This is an embedded resource content.',
        },
      },
    ],
  }),
  test_multiple_content_types: () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      image,
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: '{"test":"data","value":123}',
        },
      },
    ],
  }),
  test_tool_with_logging: async (_call, { sendNotification }) => {
    for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await sendNotification({ method: 'notifications/message', params: { level: 'info', data } });
      await delay(STEP_MS);
    }
    return text('Logged three times.');
  },
  test_error_handling: () => ({ ...text('This tool intentionally returns an error for testing'), isError: true }),
  test_tool_with_progress: async ({ _meta }, { sendNotification }) => {
    for (const progress of [0, 50, 100]) {
      const progressToken = _meta?.progressToken;
      if (progressToken !== undefined) {
        await sendNotification({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
      }
      await delay(STEP_MS);
    }
    return text('Reported three times.');
  },
  test_sampling: asksTheModel,
  test_elicitation: asksTheUser,
  test_elicitation_sep1034_defaults: asksTheUser,
  test_elicitation_sep1330_enums: asksTheUser,
  json_schema_2020_12_tool: ({ arguments: args }) => text(JSON.stringify(args ?? {})),
};

const SCHEMAS: Readonly<Record<string, Tool['inputSchema']>> = {
  test_sampling: { type: 'object', properties: { prompt: { type: 'string' } }, required: ['prompt'] },
  test_elicitation: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
  json_schema_2020_12_tool: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    $defs: { address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
    properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
    additionalProperties: false,
  },
};

export const EVERYTHING_TOOLS: readonly Tool[] = Object.keys(RUNS).map((name) => ({
  name,
  description: `What the conformance suite calls ${name}.`,
  inputSchema: SCHEMAS[name] ?? NO_ARGUMENTS,
}));

/** Runs one of them. */
export async function runEverythingTool(call: CallToolRequest['params'], extra: Extra): Promise<CallToolResult> {
  const run = RUNS[call.name];
  if (run === undefined) throw new Error('no such tool');
  return run(call, extra);
}
