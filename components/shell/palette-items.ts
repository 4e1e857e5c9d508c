// What the palette finds, and in which order. Every text in it may be an attacker's: it is compared and shown, never run.
import type { Tier } from '#lib/core/risk/types.ts';

export const PALETTE_GROUPS = [
  'Recent',
  'Waiting requests',
  'Pages',
  'Servers',
  'Agents',
  'Rules',
  'Grants',
  'Credentials',
  'People',
  // Last, so that an Enter too many never begins with one of them.
  'Actions',
] as const;
export type PaletteGroup = (typeof PALETTE_GROUPS)[number];
export type PaletteAction = 'kill' | 'keys' | 'theme-light' | 'theme-dark' | 'theme-system' | 'sign-out';
export type PaletteItem = {
  /** Ours, never made of a name: it ends up in attributes and in the list of recent ones. */
  readonly id: string;
  readonly group: PaletteGroup;
  readonly text: string;
  readonly note: string;
  readonly tier: Tier | null;
  readonly does:
    | { readonly kind: 'go'; readonly href: string }
    | { readonly kind: 'act'; readonly action: PaletteAction };
};
export type Found = { readonly group: PaletteGroup; readonly items: readonly PaletteItem[]; readonly more: number };

const PER_GROUP = 7;
/** Without a word only what helps to begin is shown. */
const AT_FIRST: ReadonlySet<PaletteGroup> = new Set(['Recent', 'Actions', 'Pages', 'Waiting requests']);

/**
 * The items in which every word occurs, by group, those that begin with the first word before the others. Words are
 * texts, not patterns: a name full of regular expressions costs and means no more than another.
 */
export function findItems(items: readonly PaletteItem[], query: string, recent: readonly string[]): readonly Found[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) {
    const byId = new Map(items.map((item) => [item.id, item]));
    const lately = recent.flatMap((id) => {
      const item = byId.get(id);
      return item === undefined ? [] : [{ ...item, group: 'Recent' as const }];
    });
    return grouped([...lately, ...items.filter(({ group, id }) => AT_FIRST.has(group) && !recent.includes(id))]);
  }
  const [first = ''] = words;
  const rank = ({ text }: PaletteItem) => {
    const at = text.toLowerCase().indexOf(first);
    return at === 0 ? 0 : at > 0 ? 1 : 2;
  };
  const matching = items.filter((item) => {
    const text = `${item.text} ${item.note} ${item.group}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return grouped(matching.toSorted((a, b) => rank(a) - rank(b)));
}

function grouped(items: readonly PaletteItem[]): readonly Found[] {
  return PALETTE_GROUPS.flatMap((group) => {
    const all = items.filter((item) => item.group === group);
    if (all.length === 0) return [];
    return [{ group, items: all.slice(0, PER_GROUP), more: Math.max(0, all.length - PER_GROUP) }];
  });
}
