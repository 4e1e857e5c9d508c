import type { Verdict } from './judge.ts';
import { FAMILIES, type Family } from './scenario.ts';

export type Counted = { readonly family: Family; readonly verdict: Verdict };
export type Score = { readonly held: number; readonly of: number };
export type FamilyScore = Score & { readonly family: Family; readonly through: number };

/** How many of the scenarios held. What is weak, unproven or a known gap did not. */
export function scoreOf(results: readonly Pick<Counted, 'verdict'>[]): Score {
  return { held: results.filter(({ verdict }) => verdict === 'pass').length, of: results.length };
}

/** The same by family, with how many attacks got through; a family without a scenario is left out. */
export function scoresByFamily(results: readonly Counted[]): readonly FamilyScore[] {
  return FAMILIES.flatMap((family) => {
    const own = results.filter((one) => one.family === family);
    if (own.length === 0) return [];
    return [{ family, ...scoreOf(own), through: own.filter(({ verdict }) => verdict === 'fail').length }];
  });
}

/** In percent, rounded down: 100 means all of them. */
export function percentOf({ held, of }: Score): number | null {
  return of === 0 ? null : Math.floor((100 * held) / of);
}
