// Client-safe. What a row of the route table says.
import type { z } from 'zod';
import type { Role } from '../shared-shapes.ts';

/** Who may call a route. `human` with roles: any one of them is enough; without: everybody who is signed in. */
export type RouteAccess =
  | { readonly kind: 'public' }
  | { readonly kind: 'human'; readonly roles: readonly Role[] }
  | { readonly kind: 'agent' }
  /** A machine of somebody else that signs what it sends; neither session nor site counts. */
  | { readonly kind: 'signed' };

export type Route = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With path parameters in braces. */
  readonly path: string;
  readonly access: RouteAccess;
  readonly summary: string;
  readonly status?: number;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly answer?: z.ZodType;
};

export const anyone = { kind: 'public' } as const;
export const agent = { kind: 'agent' } as const;
export const bySignature = { kind: 'signed' } as const;
export const signedIn = { kind: 'human', roles: [] } as const;
export const holds = (...roles: readonly Role[]) => ({ kind: 'human', roles }) as const;
