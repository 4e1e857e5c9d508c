'use client';

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ApiResult, api, fetching, nothingSchema, withQuery } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import type { ChannelCreate, ChannelPatch } from '#lib/contracts/channel-input.ts';
import { channelTestSchema } from '#lib/contracts/notice-shapes.ts';
import {
  channelSavedSchema,
  channelsListSchema,
  type Delivery,
  deliveriesPageSchema,
  deliverySchema,
  type OnCallInput,
  onCallListSchema,
} from '#lib/contracts/notifications.ts';

const BASE = '/api/v1/notifications';
const KEYS = queryKeys.notifications;
const at = (...parts: readonly string[]) => [BASE, ...parts.map(encodeURIComponent)].join('/');

/** Read again while it is looked at: how a channel is changes without anybody's doing. */
export function useChannels() {
  return useQuery({
    queryKey: KEYS.channels,
    queryFn: fetching(BASE, channelsListSchema),
    refetchInterval: 5_000,
  });
}

export function useCreateChannel() {
  return useWrite(
    (body: ChannelCreate) => api.send('POST', BASE, body, channelSavedSchema),
    [KEYS.channels, KEYS.preferences, queryKeys.egress.all],
  );
}

export function usePatchChannel(id: string) {
  return useWrite(
    (body: ChannelPatch) => api.send('PATCH', at(id), body, channelSavedSchema),
    [KEYS.channels, KEYS.preferences, queryKeys.egress.all],
  );
}

export function useRemoveChannel(id: string) {
  return useWrite(
    (reason: string) => api.send('DELETE', at(id), { reason }, nothingSchema),
    [KEYS.channels, KEYS.preferences, KEYS.deliveries],
  );
}

/** Sends a test; what came of it is the answer. */
export function useTestChannel(id: string) {
  return useWrite(() => api.send('POST', at(id, 'test'), {}, channelTestSchema), [KEYS.channels, KEYS.deliveries]);
}

export type DeliveryFilter = 'all' | 'waiting' | 'dead';

/** What was sent, waits or was given up, page by page; read again while it is looked at, because sending goes on. */
export function useDeliveries(filter: DeliveryFilter) {
  return useInfiniteQuery({
    queryKey: KEYS.deliveriesOf(filter),
    queryFn: ({ pageParam, signal }) =>
      fetching(
        withQuery(at('deliveries'), { state: filter === 'all' ? null : filter, cursor: pageParam, limit: 30 }),
        deliveriesPageSchema,
      )({ signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
    refetchInterval: 5_000,
  });
}

export function useResend() {
  return useWrite(
    (id: string): Promise<ApiResult<Delivery>> => api.send('POST', at('deliveries', id, 'resend'), {}, deliverySchema),
    [KEYS.deliveries, KEYS.channels],
  );
}

export function useOnCall() {
  return useQuery({ queryKey: KEYS.onCall, queryFn: fetching(at('on-call'), onCallListSchema) });
}

export function useSetOnCall() {
  return useWrite(
    (body: OnCallInput) => api.send('POST', at('on-call'), body, onCallListSchema),
    [KEYS.onCall, KEYS.preferences],
  );
}
