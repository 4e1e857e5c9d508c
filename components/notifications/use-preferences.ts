'use client';

import { useQuery } from '@tanstack/react-query';
import { api, fetching, nothingSchema } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { channelTestSchema } from '#lib/contracts/notice-shapes.ts';
import {
  type PreferencesInput,
  preferencesSchema,
  type SubscriptionInput,
  subscriptionSchema,
  subscriptionsListSchema,
} from '#lib/contracts/preferences.ts';

const PREFERENCES = '/api/v1/notifications/preferences';
const SUBSCRIPTIONS = '/api/v1/notifications/subscriptions';
const KEYS = queryKeys.notifications;

export function usePreferences() {
  return useQuery({ queryKey: KEYS.preferences, queryFn: fetching(PREFERENCES, preferencesSchema) });
}

export function useSavePreferences() {
  return useWrite(
    (body: PreferencesInput) => api.send('PATCH', PREFERENCES, body, preferencesSchema),
    [KEYS.preferences],
  );
}

export function useSubscriptions() {
  return useQuery({ queryKey: KEYS.subscriptions, queryFn: fetching(SUBSCRIPTIONS, subscriptionsListSchema) });
}

const OWN = [KEYS.subscriptions, KEYS.preferences];

export function useAddSubscription() {
  return useWrite((body: SubscriptionInput) => api.send('POST', SUBSCRIPTIONS, body, subscriptionSchema), OWN);
}

export function useRemoveSubscription() {
  return useWrite(
    (id: string) => api.send('DELETE', `${SUBSCRIPTIONS}/${encodeURIComponent(id)}`, undefined, nothingSchema),
    OWN,
  );
}

export function useTestSubscription(id: string) {
  return useWrite(
    () => api.send('POST', `${SUBSCRIPTIONS}/${encodeURIComponent(id)}/test`, {}, channelTestSchema),
    OWN,
  );
}
