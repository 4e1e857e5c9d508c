import type { AgentDetail } from '#lib/contracts/agents.ts';

/** Where this console hands out the one file for agents' machines, and what its content hashes to. */
export type AgentFileOffer = { readonly origin: string; readonly sha256: string };

type Agent = Pick<AgentDetail, 'name' | 'client' | 'clientId' | 'gatewayUrl' | 'aggregate' | 'mcpServers'>;

/**
 * What to type on the agent's machine, in the directory where its secret was saved. Nothing here needs quoting: names,
 * client ids and origins have no character that a shell reads.
 */
export function agentFileCommands(agent: Agent, offer: AgentFileOffer): string {
  const gateway = agent.gatewayUrl.replace(/\/$/, '');
  const servers = agent.aggregate ? '--aggregate' : `--servers ${agent.mcpServers.join(',')}`;
  return [
    `curl -fsSO ${offer.origin}/download/countersign.mjs`,
    `echo "${offer.sha256}  countersign.mjs" | sha256sum -c -`,
    `node countersign.mjs connect ${agent.client} --url ${gateway} --client-id ${agent.clientId} --client-secret-file ./${agent.name}.secret ${servers}`,
  ].join('\n');
}
