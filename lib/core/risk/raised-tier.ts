import { TIERS, type Tier } from './types.ts';

/**
 * Characters that make text read as something else than it is: direction overrides and isolates, spaces and joiners of no
 * width, tag characters, Hangul fillers. Joiners that languages and emoji need (U+200C, U+200D) and plain controls are
 * left out: those are shown as marks, and raise nothing.
 */
const MISLEADING = /[\u115F\u1160\u200B\u202A-\u202E\u2060\u2066-\u2069\u3164\uFEFF\uFFA0]|\uDB40[\uDC00-\uDC7F]/;

/**
 * The tier a call is judged by: its tool's, one step up when its arguments hold characters that mislead the eye.
 * Takes the canonical arguments (RFC 8785 leaves such characters as they are). Source: Unicode TR36 §2, CVE-2021-42574.
 */
export function raisedTier(tier: Tier, canonicalArgs: string): Tier {
  if (!MISLEADING.test(canonicalArgs)) return tier;
  return TIERS[TIERS.indexOf(tier) + 1] ?? tier;
}
