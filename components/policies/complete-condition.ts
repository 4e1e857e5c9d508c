/** One thing that could stand at the caret of a condition. */
type Suggestion = {
  /** What the list shows. */
  readonly label: string;
  readonly hint: string;
  /** What replaces the word at the caret. */
  readonly insert: string;
  /** How far the caret goes back from the end of what was inserted, into the brackets. */
  readonly back: number;
};
export type Completion = { readonly from: number; readonly items: readonly Suggestion[] };

/** What is known of the installation: argument names of the tools that the rule covers, and names that may be compared with. */
export type ConditionWorld = {
  readonly args: readonly { readonly name: string; readonly hint: string }[];
  readonly tools: readonly string[];
  readonly servers: readonly string[];
  readonly agents: readonly string[];
  readonly tiers: readonly string[];
  readonly classes: readonly string[];
};

const MAX_ITEMS = 12;

const NAMES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  '': [
    ['args', 'the call\u2019s arguments'],
    ['tool', 'name, tier, class'],
    ['server', 'name'],
    ['agent', 'name'],
    ['session', 'id, tainted'],
    ['now', 'time of the decision'],
    ['has()', 'whether a member is there'],
    ['size()', 'length of a text, list or map'],
    ['timestamp("")', 'a moment, ISO 8601'],
    ['duration("")', 'a span, such as 10m'],
    ['true', 'always'],
    ['false', 'never'],
  ],
  tool: [
    ['name', 'text'],
    ['tier', 'low, medium, high'],
    ['class', 'action class'],
  ],
  server: [['name', 'text']],
  agent: [['name', 'text']],
  session: [
    ['id', 'text'],
    ['tainted', 'has read untrusted content'],
  ],
  now: [
    ['getHours("UTC")', 'hour, 0 to 23'],
    ['getDayOfWeek("UTC")', '0 = Sunday'],
  ],
};
const ON_VALUES: readonly (readonly [string, string])[] = [
  ['startsWith("")', 'text'],
  ['endsWith("")', 'text'],
  ['contains("")', 'text'],
  ['matches("")', 'text, by an RE2 pattern'],
  ['size()', 'length'],
  ['exists(x, )', 'any item of a list'],
  ['all(x, )', 'every item of a list'],
];

function toSuggestion([label, hint]: readonly [string, string]): Suggestion {
  const inside = label.endsWith('("")') ? 2 : label.endsWith('()') || label.endsWith(', )') ? 1 : 0;
  return { label, hint, insert: label, back: inside };
}

/** Names of arguments that CEL takes after a dot; others stand in brackets. */
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * What could be written at the caret: names after a dot or at the start of a word, known values behind a comparison.
 * Names of arguments come from tool definitions, so they are attacker text: they are quoted, never trusted.
 */
export function completeCondition(source: string, caret: number, world: ConditionWorld): Completion | null {
  const before = source.slice(0, caret);
  const compared = /(?:^|[^\w.])((?:tool|server|agent)\.\w+)\s*(?:==|!=|in\s*\[(?:[^\]]*,)?)\s*("?)([^"\]\s]*)$/.exec(
    before,
  );
  if (compared?.[1] !== undefined) {
    const [, path, quote = '', typed = ''] = compared;
    const items = valuesOf(path, world).map((name) => ({
      label: name,
      hint: path,
      insert: JSON.stringify(name),
      back: 0,
    }));
    return answer(caret - typed.length - quote.length, typed, items);
  }
  // Inside a text nothing is completed.
  if (openQuote(before)) return null;
  const member = /((?:[A-Za-z_]\w*(?:\[[^\]]*\])?\.)*[A-Za-z_]\w*(?:\[[^\]]*\])?)\.(\w*)$/.exec(before);
  if (member?.[1] !== undefined) {
    const [, path, typed = ''] = member;
    const from = caret - typed.length;
    if (path === 'args')
      return answer(
        from,
        typed,
        world.args.map((arg) => argument(arg)),
      );
    return answer(from, typed, (NAMES[path] ?? ON_VALUES).map(toSuggestion));
  }
  const word = /[A-Za-z_]\w*$/.exec(before)?.[0] ?? '';
  if (word === '' && !/(^|[(!&|,[?:])\s*$/.test(before)) return null;
  return answer(caret - word.length, word, (NAMES[''] ?? []).map(toSuggestion));
}

function argument({ name, hint }: ConditionWorld['args'][number]): Suggestion {
  if (IDENTIFIER.test(name)) return { label: name, hint, insert: name, back: 0 };
  // The dot before it was typed already; brackets take its place in `applySuggestion`.
  return { label: name, hint, insert: `[${JSON.stringify(name)}]`, back: 0 };
}

function valuesOf(path: string, world: ConditionWorld): readonly string[] {
  const known: Readonly<Record<string, readonly string[]>> = {
    'tool.name': world.tools,
    'tool.tier': world.tiers,
    'tool.class': world.classes,
    'server.name': world.servers,
    'agent.name': world.agents,
  };
  return known[path] ?? [];
}

function answer(from: number, typed: string, items: readonly Suggestion[]): Completion | null {
  const wanted = typed.toLowerCase();
  const fitting = items
    .filter((item) => item.label.toLowerCase().startsWith(wanted) && item.label !== typed)
    .slice(0, MAX_ITEMS);
  return fitting.length === 0 ? null : { from, items: fitting };
}

function openQuote(before: string): boolean {
  let quote: string | null = null;
  for (let i = 0; i < before.length; i++) {
    const char = before[i] ?? '';
    if (quote !== null && char === '\\') i++;
    else if (quote === null && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = null;
  }
  return quote !== null;
}

/** The source with a suggestion in it, and where the caret stands then. */
export function applySuggestion(
  source: string,
  caret: number,
  completion: Completion,
  suggestion: Suggestion,
): { readonly source: string; readonly caret: number } {
  const bracketed = suggestion.insert.startsWith('[') && source[completion.from - 1] === '.';
  const head = source.slice(0, bracketed ? completion.from - 1 : completion.from) + suggestion.insert;
  return { source: head + source.slice(caret), caret: head.length - suggestion.back };
}
