import { createAgent } from '#lib/server/agents/create-agent.ts';
import { rotateAgent } from '#lib/server/agents/rotate-agent.ts';
import type { DemoContext } from '../supervisor/demo-hook.ts';
import type { AgentConfig } from './agent-config.ts';
import { type DemoProcess, keepRunning } from './demo-process.ts';
import { must, OPERATOR } from './operator.ts';

const AGENTS = {
  demoAgent: {
    name: 'demo-agent',
    owner: 'ana@example.com',
    client: 'sdk',
    servers: ['everything', 'workspace'],
    aggregate: true,
  },
  // Owned by a reviewer, so that the console shows why an owner may not decide.
  releaseBot: {
    name: 'release-bot',
    owner: 'ben@example.com',
    client: 'openclaw',
    servers: ['release-host'],
    aggregate: false,
  },
} as const;

/** Makes the demo's agents, or gives those there are a new secret (none is kept), and starts their process. */
export async function startAgents(context: DemoContext, workspace: string): Promise<DemoProcess> {
  const config: AgentConfig = {
    gatewayUrl: context.env.gatewayUrl,
    workspace,
    demoAgent: await credential(context, AGENTS.demoAgent),
    releaseBot: await credential(context, AGENTS.releaseBot),
  };
  return keepRunning({ file: './agent-process.ts', environment: {}, message: config });
}

async function credential(
  context: DemoContext,
  wanted: (typeof AGENTS)[keyof typeof AGENTS],
): Promise<AgentConfig['demoAgent']> {
  const { prisma } = context;
  const known = await prisma.agent.findUnique({ where: { name: wanted.name } });
  if (known !== null) {
    return must(await rotateAgent(context, OPERATOR, wanted.name, { overlapS: 0 }));
  }
  const owner = await prisma.person.findUnique({ where: { email: wanted.owner } });
  return must(
    await createAgent(context, OPERATOR, {
      name: wanted.name,
      ...(owner === null ? {} : { ownerId: owner.id }),
      client: wanted.client,
      requestTimeoutMs: null,
      pendingCap: 10,
      servers: [...wanted.servers],
      aggregate: wanted.aggregate,
    }),
  );
}
