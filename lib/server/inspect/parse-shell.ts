// Server-only. Shell text as commands and words, by a real parser; nothing is expanded and nothing runs.
import { forEachChild, type ParseError, parse, type Redirection, type SyntaxNode, type Word } from 'unbash';
import { innerScript, opaqueCommand } from '#lib/core/inspect/opaque-shell.ts';
import type { StepWord } from '#lib/core/inspect/shape.ts';
import type { ShellCommand } from '#lib/core/inspect/shell-command.ts';

export type ShellReading = {
  readonly commands: readonly ShellCommand[];
  /** Why these words do not say everything; null = they do. */
  readonly why: string | null;
};

const MOST_COMMANDS = 400;
const DEEPEST_SCRIPT = 4;
const TOO_MANY = 'it has more commands than are read';
/** Constructs that stand before the commands in them, as the reader would write them. */
const LEADS: Readonly<Partial<Record<SyntaxNode['type'], string>>> = {
  If: 'if',
  For: 'for',
  ArithmeticFor: 'for',
  Select: 'select',
  While: 'while',
  Case: 'case',
  Subshell: '( )',
  BraceGroup: '{ }',
  Function: 'function',
  Coproc: 'coproc',
  CommandExpansion: '$( )',
  ArithmeticCommandExpansion: '$( )',
  ProcessSubstitution: '<( )',
};

/** Reads a script. Text that does not parse gives its commands as far as they were understood, and `why`. */
export function parseShell(source: string): ShellReading {
  const found: Mutable[] = [];
  const reasons: string[] = [];
  readScript(source, '', 0, found, reasons);
  return { commands: found, why: reasons[0] ?? null };
}

/** A program with its words, as they are: no shell reads them, so nothing in them is special. */
export function readWordList(words: readonly string[]): ShellReading {
  const command: Mutable = { lead: '', words: words.map(plain), redirects: [], pipedInto: null };
  const found: Mutable[] = [command];
  const reasons: string[] = [];
  look(command, 0, found, reasons);
  return { commands: found, why: reasons[0] ?? null };
}

type Mutable = { -readonly [K in keyof ShellCommand]: ShellCommand[K] };

function readScript(source: string, lead: string, depth: number, found: Mutable[], reasons: string[]): void {
  const script = parse(source);
  noteErrors(script.errors, reasons);
  walk(script, { lead, depth, found, reasons, source });
}

type Walk = {
  readonly lead: string;
  readonly depth: number;
  readonly found: Mutable[];
  readonly reasons: string[];
  readonly source: string;
};

function walk(node: SyntaxNode, at: Walk): void {
  if (at.found.length >= MOST_COMMANDS) {
    if (!at.reasons.includes(TOO_MANY)) at.reasons.push(TOO_MANY);
    return;
  }
  switch (node.type) {
    case 'Command':
      readCommand(node, at);
      return;
    case 'Pipeline':
      readPipeline(node, at);
      return;
    case 'AndOr':
      node.commands.forEach((command, i) => {
        walk(command, { ...at, lead: i === 0 ? at.lead : (node.operators[i - 1] ?? '') });
      });
      return;
    default: {
      if (node.type === 'Script') noteErrors('errors' in node ? node.errors : undefined, at.reasons);
      const source = node.type === 'Script' && node.source !== undefined ? node.source : at.source;
      const lead = LEADS[node.type] ?? at.lead;
      let first = true;
      forEachChild(node, (child) => {
        walk(child, { ...at, source, lead: first || LEADS[node.type] !== undefined ? lead : ';' });
        if (child.type === 'Statement') first = false;
      });
    }
  }
}

function readCommand(node: Extract<SyntaxNode, { readonly type: 'Command' }>, at: Walk): void {
  const words: StepWord[] = [];
  for (const part of node.prefix) if (part.type === 'Assignment') words.push({ text: part.text, computed: false });
  if (node.name !== undefined) words.push(wordOf(node.name));
  for (const arg of node.args) words.push(arg.type === 'Word' ? wordOf(arg) : { text: arg.text, computed: false });
  const command: Mutable = {
    lead: at.lead,
    words,
    redirects: node.redirects.map(redirectOf),
    pipedInto: null,
  };
  at.found.push(command);
  look(command, at.depth, at.found, at.reasons);
  forEachChild(node, (child) => {
    if (child.type !== 'Word' || child.parts !== undefined) walk(child, { ...at, lead: '$( )' });
  });
}

function readPipeline(node: Extract<SyntaxNode, { readonly type: 'Pipeline' }>, at: Walk): void {
  let before: Mutable | undefined;
  node.commands.forEach((command, i) => {
    const index = at.found.length;
    walk(command, { ...at, lead: i === 0 ? at.lead : (node.operators[i - 1] ?? '|') });
    const own = at.found[index];
    if (before !== undefined && own !== undefined) before.pipedInto = index;
    before = own;
  });
}

/** What a command hands to another shell is read on; what its words do not tell is a reason. */
function look(command: Mutable, depth: number, found: Mutable[], reasons: string[]): void {
  const inner = innerScript(command);
  if (inner !== null && depth < DEEPEST_SCRIPT) {
    readScript(inner, `${command.words[0]?.text.slice(0, 40) ?? ''} runs`, depth + 1, found, reasons);
    return;
  }
  const why = inner === null ? opaqueCommand(command) : 'scripts within scripts, deeper than are read';
  if (why !== null) reasons.push(why);
}

function redirectOf(node: Redirection): ShellCommand['redirects'][number] {
  if (node.type === 'HereDoc') {
    const computed = node.delimiter?.quoted !== true && (node.body.parts?.some(isComputed) ?? false);
    return { operator: node.operator, target: { text: node.body.text, computed } };
  }
  const target = node.target === undefined ? null : wordOf(node.target);
  return { operator: node.operator, target };
}

function wordOf(word: Word): StepWord {
  const computed = word.parts?.some(isComputed) ?? false;
  return { text: computed ? word.text : word.value, computed };
}

function isComputed(part: NonNullable<Word['parts']>[number]): boolean {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return false;
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.some((inner) => inner.type !== 'Literal');
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
    case 'SimpleExpansion':
    case 'ParameterExpansion':
    case 'CommandExpansion':
    case 'ArithmeticExpansion':
    case 'ProcessSubstitution':
      return true;
  }
}

function noteErrors(errors: readonly ParseError[] | undefined, reasons: string[]): void {
  if (errors !== undefined && errors.length > 0) reasons.push('it does not parse as shell');
}

function plain(text: string): StepWord {
  return { text, computed: false };
}
