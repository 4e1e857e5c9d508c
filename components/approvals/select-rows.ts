import type { ApprovalSummary } from '#lib/contracts/approvals.ts';

/** What a word may be narrowed to: `tier:high`, `agent:openclaw`. */
const PARTS: Readonly<Record<string, (row: ApprovalSummary) => string>> = {
  tier: (row) => row.tier,
  agent: (row) => row.agent,
  server: (row) => row.server,
  tool: (row) => row.tool,
  class: (row) => row.actionClass,
  rule: (row) => row.rule,
  for: (row) => row.onBehalfOf ?? '',
  by: (row) => row.claimedBy ?? '',
};

const texts = new WeakMap<ApprovalSummary, string>();

/** Everything of a row that can be searched, made once: fifty arrivals a second must not cost a thousand texts each. */
function textOf(row: ApprovalSummary): string {
  const known = texts.get(row);
  if (known !== undefined) return known;
  const { server, tool, agent, onBehalfOf, tier, actionClass, rule, argsPreview, status } = row;
  const text = [server, tool, agent, onBehalfOf ?? '', tier, actionClass, rule, argsPreview, status]
    .join('\n')
    .toLowerCase();
  texts.set(row, text);
  return text;
}

/**
 * The rows in which every word of the filter occurs. The text is compared as it is, never as a pattern: it may be pasted
 * from arguments that an attacker wrote.
 */
export function selectRows(rows: readonly ApprovalSummary[], filter: string): readonly ApprovalSummary[] {
  const tests = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(testOf);
  return tests.length === 0 ? rows : rows.filter((row) => tests.every((test) => test(row)));
}

function testOf(word: string): (row: ApprovalSummary) => boolean {
  const [name = '', ...rest] = word.split(':');
  const part = rest.length > 0 && Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (part === undefined) return (row) => textOf(row).includes(word);
  const sought = rest.join(':');
  return (row) => part(row).toLowerCase().includes(sought);
}
