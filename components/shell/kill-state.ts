'use client';

import { useQuery } from '@tanstack/react-query';
import { fetching } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { killSwitchSchema } from '#lib/contracts/kill-switch.ts';

/** What is stopped now, what is about to be restored, and which gateways have said so. */
export function useKillSwitch() {
  return useQuery({ queryKey: queryKeys.killSwitch, queryFn: fetching('/api/v1/kill-switch', killSwitchSchema) });
}
