'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  deviceName,
  type PushRefusal,
  type PushState,
  readPushState,
  rememberSubscription,
  subscribe,
  unsubscribe,
} from '#lib/client/push.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { subscriptionInputSchema } from '#lib/contracts/preferences.ts';
import { useAddSubscription, useRemoveSubscription, useSubscriptions } from './use-preferences.ts';

const KEY = [...queryKeys.notifications.subscriptions, 'this-browser'] as const;

/** Pushes in this browser: how it stands, and turning them on (from a click) and off. */
export function usePush(publicKey: string | null) {
  const client = useQueryClient();
  const local = useQuery({ queryKey: KEY, queryFn: readPushState, staleTime: 0 });
  const listed = useSubscriptions();
  const add = useAddSubscription();
  const remove = useRemoveSubscription();
  const [asking, setAsking] = useState(false);
  const [refused, setRefused] = useState<PushRefusal | null>(null);
  const state = standing(
    local.data,
    listed.data?.items.map((item) => item.id),
  );
  const again = () => client.invalidateQueries({ queryKey: KEY });
  return {
    state,
    busy: asking || add.busy || remove.busy,
    refused,
    problem: add.problem ?? remove.problem,
    turnOn: async () => {
      if (publicKey === null) return;
      setRefused(null);
      setAsking(true);
      const made = await subscribe(publicKey);
      setAsking(false);
      if (!made.ok) {
        setRefused(made.error);
        await again();
        return;
      }
      const input = subscriptionInputSchema.safeParse({ ...made.value, device: deviceName() });
      if (!input.success) return setRefused('failed');
      const kept = await add.run(input.data);
      if (kept.ok) rememberSubscription(kept.value.id);
      else await unsubscribe();
      await again();
    },
    turnOff: async (id: string) => {
      await unsubscribe();
      await remove.run(id);
      await again();
    },
  };
}

/** A subscription that the server has forgotten (removed elsewhere, or ended by the push service) is none. */
function standing(local: PushState | undefined, known: readonly string[] | undefined): PushState | null {
  if (local === undefined) return null;
  if (local.kind !== 'on') return local;
  if (known === undefined) return null;
  return known.includes(local.id) ? local : { kind: 'off' };
}
