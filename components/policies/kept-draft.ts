import { z } from 'zod';
import { rulesSchema } from '#lib/contracts/policies.ts';
import type { Rule } from '#lib/core/policies/rule.ts';

/** What somebody was writing when the page went away: a closed tab, a wrong key, a sign-in that ran out. */
type KeptDraft = { readonly rules: readonly Rule[]; readonly note: string; readonly at: string };
const keptSchema = z.object({ rules: rulesSchema, note: z.string(), at: z.iso.datetime() });

function keyOf(source: string): string {
  return `cs-policy-draft ${source}`;
}

/** Keeps unsaved rules in this tab. Half-written ones that are not well-formed cannot be read back and are not offered. */
export function keepDraft(source: string, draft: KeptDraft): void {
  window.sessionStorage.setItem(keyOf(source), JSON.stringify(draft));
}

export function forgetDraft(source: string): void {
  window.sessionStorage.removeItem(keyOf(source));
}

/** What was kept for this place, or null. */
export function keptDraft(source: string): KeptDraft | null {
  const text = window.sessionStorage.getItem(keyOf(source));
  if (text === null) return null;
  try {
    const parsed = keptSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
