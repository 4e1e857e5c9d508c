'use client';

import { useQueries } from '@tanstack/react-query';
import { fetching } from '#lib/client/api.ts';
import { useAgents } from '#lib/client/lists/use-agents.ts';
import { usePeople } from '#lib/client/lists/use-people.ts';
import { useServers } from '#lib/client/lists/use-servers.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { serverDetailSchema } from '#lib/contracts/servers.ts';
import { matchesGlob } from '#lib/core/policies/glob.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import { ACTION_CLASSES, TIERS } from '#lib/core/risk/types.ts';
import type { ConditionWorld } from './complete-condition.ts';

/** Completing from more servers than this would mean as many requests; names can always be typed. */
const MOST_SERVERS = 40;

type KnownTool = {
  readonly server: string;
  readonly name: string;
  readonly args: readonly { readonly name: string; readonly hint: string }[];
};
/** What rules can be about, as far as it is registered. */
export type Registry = {
  readonly agents: readonly string[];
  readonly servers: readonly string[];
  readonly tools: readonly KnownTool[];
  readonly groups: readonly string[];
};

/** The registry, for completion only: what is not loaded yet is merely not offered. */
export function useRegistry(): Registry {
  const agents = useAgents().data?.items.map((agent) => agent.name) ?? [];
  const servers = useServers().data?.items.map((server) => server.name) ?? [];
  const people = usePeople().data?.items ?? [];
  const details = useQueries({
    queries: servers.slice(0, MOST_SERVERS).map((name) => ({
      queryKey: queryKeys.servers.detail(name),
      queryFn: fetching(`/api/v1/servers/${encodeURIComponent(name)}`, serverDetailSchema),
      staleTime: 60_000,
    })),
  });
  const tools = details.flatMap(({ data }) =>
    data === undefined
      ? []
      : data.toolList.map((tool) => ({ server: data.name, name: tool.name, args: argumentsOf(tool.definition) })),
  );
  return { agents, servers, tools, groups: [...new Set(people.flatMap((person) => person.groups))].toSorted() };
}

/** The arguments that a definition declares, with their types. Attacker text, shown as such. */
function argumentsOf(definition: Readonly<Record<string, unknown>>): KnownTool['args'] {
  const properties = member(definition.inputSchema, 'properties');
  if (typeof properties !== 'object' || properties === null) return [];
  return Object.entries(properties).map(([name, schema]) => {
    const type = member(schema, 'type');
    return { name, hint: typeof type === 'string' ? type : 'any' };
  });
}

function member(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? new Map(Object.entries(of)).get(name) : undefined;
}

/** The tools that a rule's conditions let through, or all when it names none. */
function coveredTools({ when }: Rule, registry: Registry): readonly KnownTool[] {
  return registry.tools.filter(
    (tool) =>
      (when.servers?.some((pattern) => matchesGlob(pattern, tool.server)) ?? true) &&
      (when.tools?.some((pattern) => matchesGlob(pattern, tool.name) || matchesGlob(pattern, qualified(tool))) ?? true),
  );
}

function qualified(tool: KnownTool): string {
  return `${tool.server}__${tool.name}`;
}

/** Tools to offer for a rule: by their own name, or with the server where two servers have one of that name. */
export function toolOptions(rule: Rule, registry: Registry): readonly string[] {
  const { tools: _, ...when } = rule.when;
  const offered = coveredTools({ ...rule, when }, registry);
  const plain = [...new Set(offered.map((tool) => tool.name))];
  return [...plain, ...offered.map(qualified)];
}

/** What a rule's condition can name. */
export function conditionWorld(rule: Rule, registry: Registry): ConditionWorld {
  const covered = coveredTools(rule, registry);
  const args = new Map(covered.flatMap((tool) => tool.args.map((arg) => [arg.name, arg.hint] as const)));
  return {
    args: [...args].map(([name, hint]) => ({ name, hint })),
    tools: [...new Set(covered.map((tool) => tool.name))],
    servers: registry.servers,
    agents: registry.agents,
    tiers: TIERS,
    classes: ACTION_CLASSES,
  };
}
