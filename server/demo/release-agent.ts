import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type CallAnswer, callAnswerSchema } from '#lib/contracts/calls.ts';
import type { ScriptedCall } from './script.ts';

const runFile = promisify(execFile);
const WAIT_S = 55;
const AGAIN_MS = 3_000;
const SAFE_NAME = z.string().regex(/^[a-z0-9-]{1,40}$/);
const DEPLOY = z.object({ service: SAFE_NAME, version: z.string(), environment: z.string(), strategy: z.string() });
const TICKET = z.object({ title: z.string(), assignee: z.string(), priority: z.string() });
const EXEC = z.object({ argv: z.tuple([z.literal('node'), z.literal('scripts/rotate-logs.js')]).rest(z.string()) });

export type ReleaseAgent = {
  /** Asks for one call, waits for its answer, runs it if it may, and reports how it ended. Never throws. */
  run(call: ScriptedCall): Promise<void>;
};

/** An agent that runs its tools by itself and asks the decision API before each. */
export function createReleaseAgent(options: {
  readonly gatewayUrl: string;
  readonly token: () => Promise<string>;
  readonly workspace: string;
  readonly stopped: AbortSignal;
}): ReleaseAgent {
  const { gatewayUrl, token, workspace, stopped } = options;

  async function send(method: 'GET' | 'POST', path: string, body?: unknown, signal?: AbortSignal): Promise<unknown> {
    const response = await fetch(`${gatewayUrl}/api/v1/calls${path}`, {
      method,
      headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    return response.json();
  }

  async function decided(callId: string): Promise<CallAnswer | null> {
    while (!stopped.aborted) {
      try {
        const answer = callAnswerSchema.parse(await send('GET', `/${callId}?wait=${WAIT_S}`, undefined, stopped));
        if (answer.decision !== 'pending') {
          return answer;
        }
      } catch {
        await delay(AGAIN_MS, undefined, { signal: stopped }).catch(() => undefined);
      }
    }
    await send('POST', `/${callId}/cancel`, {});
    return null;
  }

  return {
    run: async (call) => {
      try {
        const { server, tool, arguments: args, reason } = call;
        const asked = callAnswerSchema.parse(await send('POST', '', { server, tool, arguments: args, reason }));
        const answer = asked.decision === 'pending' ? await decided(asked.callId) : asked;
        if (answer?.decision === 'allow') {
          const began = performance.now();
          const outcome = await runTool(workspace, tool, args);
          const durationMs = Math.round(performance.now() - began);
          await send('POST', `/${answer.callId}/outcome`, { ...outcome, durationMs });
        }
      } catch {
        // The gateway is away for a moment; the next call finds it again.
      }
    },
  };
}

type Outcome =
  | { readonly status: 'succeeded'; readonly result: unknown }
  | { readonly status: 'failed'; readonly error: string };

/** The tools themselves: they touch nothing outside the scratch folder. */
async function runTool(workspace: string, tool: string, args: unknown): Promise<Outcome> {
  try {
    switch (tool) {
      case 'deploy': {
        const { service, version, environment } = DEPLOY.parse(args);
        mkdirSync(join(workspace, 'releases'), { recursive: true });
        appendFileSync(join(workspace, 'releases', `${service}.log`), `${version} ${environment}\n`);
        return { status: 'succeeded', result: { service, version, environment } };
      }
      case 'create_ticket': {
        const ticket = TICKET.parse(args);
        const file = `REL-${Date.now() % 100_000}.md`;
        writeFileSync(
          join(workspace, 'tickets', file),
          `# ${ticket.title}\n\n${ticket.assignee}, ${ticket.priority}\n`,
        );
        return { status: 'succeeded', result: { file } };
      }
      case 'exec': {
        const [, ...rest] = EXEC.parse(args).argv;
        const { stdout } = await runFile(process.execPath, rest, {
          cwd: workspace,
          env: { NODE_ENV: 'production' },
          timeout: 10_000,
        });
        return { status: 'succeeded', result: { stdout } };
      }
      default:
        return { status: 'succeeded', result: { healthy: true } };
    }
  } catch (error) {
    return { status: 'failed', error: error instanceof Error ? error.message.slice(0, 500) : 'failed' };
  }
}
