'use client';

import { useQuery } from '@tanstack/react-query';
import { fetching } from '#lib/client/api.ts';
import { classWords } from '#lib/client/format.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { killSwitchSchema } from '#lib/contracts/kill-switch.ts';
import { parseScope } from '#lib/core/kill-switch/scopes.ts';

/** What is stopped now, what is about to be restored, and which gateways have said so. */
export function useKillSwitch() {
  return useQuery({ queryKey: queryKeys.killSwitch, queryFn: fetching('/api/v1/kill-switch', killSwitchSchema) });
}

/** A scope as people say it: `High-risk tools`, `Server github`. An unknown scope is shown as it is written. */
export function scopeWords(scope: string): string {
  const parsed = parseScope(scope);
  if (!parsed.ok) return scope;
  const what = parsed.value;
  switch (what.kind) {
    case 'high-risk':
      return 'High-risk tools';
    case 'everything':
      return 'Every tool';
    case 'tier':
      return `Tools of tier ${what.tier}`;
    case 'server':
      return `Server ${what.server}`;
    case 'tool':
      return `Tool ${what.server} · ${what.tool}`;
    case 'class':
      return `Tools of class ${classWords(what.actionClass)}`;
    case 'agent':
      return `Agent ${what.agent}`;
  }
}
