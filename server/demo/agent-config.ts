import { z } from 'zod';

const CREDENTIAL = z.object({ clientId: z.string(), clientSecret: z.string() });

/** What the supervisor sends the agents' process over its channel. */
export const AGENT_CONFIG = z.object({
  gatewayUrl: z.string(),
  workspace: z.string(),
  demoAgent: CREDENTIAL,
  releaseBot: CREDENTIAL,
});

export type AgentConfig = z.infer<typeof AGENT_CONFIG>;
