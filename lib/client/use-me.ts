'use client';

import { useQuery } from '@tanstack/react-query';
import { meSchema } from '#lib/contracts/me.ts';
import type { Role } from '#lib/contracts/shared-shapes.ts';
import { fetching } from './api.ts';
import { queryKeys } from './query-keys.ts';

/** Who is signed in. The server checks every write again; this only decides what is worth offering. */
export function useMe() {
  return useQuery({ queryKey: queryKeys.me, queryFn: fetching('/api/v1/me', meSchema), staleTime: 30_000 });
}

/** Whether the person signed in has one of the roles; `unknown` until that is known, so that nothing flashes up wrongly. */
export function useHasRole(...roles: readonly Role[]): 'yes' | 'no' | 'unknown' {
  const me = useMe();
  if (me.data === undefined) return 'unknown';
  return me.data.roles.some((role) => roles.includes(role)) ? 'yes' : 'no';
}

const ROLE_WORDS: Readonly<Record<Role, string>> = { admin: 'an admin', security: 'security', reviewer: 'a reviewer' };

/** Why the person signed in may not do what these roles may, as a sentence for a blocked button; null = may. */
export function useRoleBar(...roles: readonly Role[]): string | null {
  const has = useHasRole(...roles);
  if (has === 'unknown') return 'Checking what you may do.';
  if (has === 'yes') return null;
  return `Only ${roles.map((role) => ROLE_WORDS[role]).join(' or ')} can do this.`;
}
