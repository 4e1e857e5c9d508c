// Server-only. As whom the runner acts where it arranges something, and nowhere else.
import type { OperatorPrincipal } from '#lib/core/identity/principals.ts';

export const RUNNER: OperatorPrincipal = { kind: 'operator', name: 'red team' };
