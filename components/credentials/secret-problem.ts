import type { ApiProblem } from '#lib/client/api.ts';
import { recogniseToken } from '#lib/core/credentials/known-tokens.ts';

/**
 * What is wrong with a secret while it is typed: a person's own token is named, with what to use instead, before it leaves
 * the browser. The server recognises it again.
 */
export function refusedSecret(secret: string): string | null {
  const known = recogniseToken(secret);
  if (known === null || known.verdict !== 'refused') return null;
  return `This is a ${known.name}: not taken. ${known.instead}`;
}

/** What a secret is recognised as that is taken for a while only, with what shall take its place; null = nothing. */
export function lentSecret(secret: string): string | null {
  const known = recogniseToken(secret);
  if (known === null || known.verdict !== 'migration') return null;
  return `This is a ${known.name}: taken for migration only, with an end. ${known.instead}`;
}

/** A refusal of the secret itself belongs beside its field; every other one below the form. */
export function splitProblem(problem: ApiProblem | null): {
  readonly inPlace: string | null;
  readonly below: ApiProblem | null;
} {
  if (problem === null || problem.code !== 'personal-token') return { inPlace: null, below: problem };
  return { inPlace: [...new Set([problem.title, problem.detail])].join('. '), below: null };
}
