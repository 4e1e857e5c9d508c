import type { Decision, Rule } from '#lib/core/policies/rule.ts';

/** A rule being edited. The key stays when the rule is renamed or moved; it is never stored. */
export type Line = { readonly key: number; readonly rule: Rule };
/** What is edited: the rules in order, which of them is open, and the one that was deleted last, to be brought back. */
export type DraftLines = {
  readonly lines: readonly Line[];
  readonly openKey: number | null;
  readonly removed: { readonly line: Line; readonly at: number } | null;
  readonly nextKey: number;
};

export type DraftAction =
  | { readonly kind: 'load'; readonly rules: readonly Rule[] }
  | { readonly kind: 'open'; readonly key: number | null }
  | { readonly kind: 'change'; readonly key: number; readonly rule: Rule }
  | { readonly kind: 'add'; readonly decision: Decision }
  | { readonly kind: 'add-like'; readonly rule: Rule }
  | { readonly kind: 'duplicate'; readonly key: number }
  | { readonly kind: 'move'; readonly key: number; readonly by: -1 | 1 }
  | { readonly kind: 'remove'; readonly key: number }
  | { readonly kind: 'bring-back' };

const MAX_NAME = 32;
const FIRST_NAMES: Readonly<Record<Decision, string>> = { allow: 'new-allow', hold: 'new-hold', deny: 'new-deny' };

/** The rules as lines, all closed. */
export function draftOf(rules: readonly Rule[]): DraftLines {
  const lines = rules.map((rule, key) => ({ key, rule }));
  return { lines, openKey: null, removed: null, nextKey: lines.length };
}

/** The rules of a draft, as they are sent. */
export function rulesOf(draft: DraftLines): readonly Rule[] {
  return draft.lines.map((line) => line.rule);
}

/** A name that no rule has yet: the wish itself, or the wish with the first free number. */
export function freeName(wish: string, taken: readonly string[]): string {
  if (!taken.includes(wish)) return wish;
  for (let n = 2; ; n++) {
    const end = `-${n}`;
    const name = `${wish.slice(0, MAX_NAME - end.length)}${end}`;
    if (!taken.includes(name)) return name;
  }
}

/** One step of editing. A step that names a line which is gone changes nothing. */
export function editDraft(draft: DraftLines, action: DraftAction): DraftLines {
  switch (action.kind) {
    case 'load':
      return draftOf(action.rules);
    case 'open':
      return { ...draft, openKey: action.key };
    case 'change':
      return {
        ...draft,
        lines: draft.lines.map((line) => (line.key === action.key ? { ...line, rule: action.rule } : line)),
      };
    case 'add': {
      const name = freeName(FIRST_NAMES[action.decision], namesOf(draft));
      // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
      return insert(draft, draft.lines.length, { name, when: {}, then: action.decision });
    }
    case 'add-like':
      return insert(draft, draft.lines.length, { ...action.rule, name: freeName(action.rule.name, namesOf(draft)) });
    case 'duplicate': {
      const at = indexOf(draft, action.key);
      const line = draft.lines[at];
      if (line === undefined) return draft;
      return insert(draft, at + 1, { ...line.rule, name: freeName(line.rule.name, namesOf(draft)) });
    }
    case 'move': {
      const at = indexOf(draft, action.key);
      const line = draft.lines[at];
      const to = at + action.by;
      if (line === undefined || to < 0 || to >= draft.lines.length) return draft;
      return { ...draft, lines: draft.lines.toSpliced(at, 1).toSpliced(to, 0, line) };
    }
    case 'remove': {
      const at = indexOf(draft, action.key);
      const line = draft.lines[at];
      if (line === undefined) return draft;
      const openKey = draft.openKey === action.key ? null : draft.openKey;
      return { ...draft, lines: draft.lines.toSpliced(at, 1), openKey, removed: { line, at } };
    }
    case 'bring-back': {
      if (draft.removed === null) return draft;
      const { line, at } = draft.removed;
      return { ...draft, lines: draft.lines.toSpliced(at, 0, line), removed: null };
    }
  }
}

function indexOf(draft: DraftLines, key: number): number {
  return draft.lines.findIndex((line) => line.key === key);
}

function namesOf(draft: DraftLines): readonly string[] {
  return draft.lines.map((line) => line.rule.name);
}

/** A new rule opens at once: somebody is about to write it. */
function insert(draft: DraftLines, at: number, rule: Rule): DraftLines {
  const line = { key: draft.nextKey, rule };
  return { ...draft, lines: draft.lines.toSpliced(at, 0, line), openKey: line.key, nextKey: draft.nextKey + 1 };
}
