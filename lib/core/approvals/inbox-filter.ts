/** What of a request a filter may look at: the words of its line in a list. */
export type FilteredRow = {
  readonly server: string;
  readonly tool: string;
  readonly agent: string;
  readonly onBehalfOf: string | null;
  readonly tier: string;
  readonly actionClass: string;
  readonly rule: string;
  readonly argsPreview: string;
  readonly status: string;
  readonly claimedBy: string | null;
};

/** One word of a filter. `part` is set where it was narrowed: `tier:high`, `agent:openclaw`. In lower case. */
export type FilterWord = { readonly part: FilterPart | null; readonly text: string };

const PARTS = {
  tier: (row: FilteredRow) => row.tier,
  agent: (row: FilteredRow) => row.agent,
  server: (row: FilteredRow) => row.server,
  tool: (row: FilteredRow) => row.tool,
  class: (row: FilteredRow) => row.actionClass,
  rule: (row: FilteredRow) => row.rule,
  for: (row: FilteredRow) => row.onBehalfOf ?? '',
  by: (row: FilteredRow) => row.claimedBy ?? '',
} as const;
export type FilterPart = keyof typeof PARTS;

/**
 * The words of a filter. A word before a colon that is no part of a request belongs to the text: it may be pasted from
 * arguments that an attacker wrote.
 */
export function filterWords(filter: string): readonly FilterWord[] {
  return filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => {
      const colon = word.indexOf(':');
      const name = word.slice(0, Math.max(0, colon));
      return isPart(name) ? { part: name, text: word.slice(colon + 1) } : { part: null, text: word };
    });
}

function isPart(name: string): name is FilterPart {
  return Object.hasOwn(PARTS, name);
}

/** Whether every word occurs in a request. Words are compared as they are, never as patterns. */
export function matchesWords(row: FilteredRow, words: readonly FilterWord[]): boolean {
  return words.every(({ part, text }) => (part === null ? textOf(row) : PARTS[part](row).toLowerCase()).includes(text));
}

const texts = new WeakMap<FilteredRow, string>();

/** Everything of a row that can be searched, made once: fifty arrivals a second must not cost a thousand texts each. */
function textOf(row: FilteredRow): string {
  const known = texts.get(row);
  if (known !== undefined) return known;
  const { server, tool, agent, onBehalfOf, tier, actionClass, rule, argsPreview, status } = row;
  const text = [server, tool, agent, onBehalfOf ?? '', tier, actionClass, rule, argsPreview, status]
    .join('\n')
    .toLowerCase();
  texts.set(row, text);
  return text;
}
