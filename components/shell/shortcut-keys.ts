// Which key does what, and what a person made of it.
import { NAV_GROUPS } from './nav-items.ts';

export type CommandGroup = 'Review' | 'Anywhere' | 'Go to';
export type Command = {
  /** The key it has unless somebody chose another: also its name. `g k` = one after the other. */
  readonly key: string;
  readonly what: string;
  readonly group: CommandGroup;
};
/** What a person chose: another key, or null for none. */
export type ChosenKeys = Readonly<Record<string, string | null>>;

export const COMMANDS: readonly Command[] = [
  { key: 'j', what: 'Next request', group: 'Review' },
  { key: 'k', what: 'Previous request', group: 'Review' },
  { key: 'o', what: 'Open it', group: 'Review' },
  { key: 'c', what: 'Say "I am looking at this"', group: 'Review' },
  { key: 'x', what: 'Select it for a batch', group: 'Review' },
  { key: 'f', what: 'Compare with the last approved', group: 'Review' },
  { key: 's', what: 'Search in the arguments', group: 'Review' },
  { key: 'a', what: 'Open the approval tray', group: 'Review' },
  { key: 'd', what: 'Open the denial tray', group: 'Review' },
  { key: 'r', what: 'Write a reason', group: 'Review' },
  { key: 'e', what: 'Ask the next people now', group: 'Review' },
  { key: 'u', what: 'Undo an approval in its window', group: 'Review' },
  { key: '/', what: 'Filter', group: 'Anywhere' },
  { key: '?', what: 'Show all keys', group: 'Anywhere' },
  { key: 'g k', what: 'Stop high-risk tools', group: 'Anywhere' },
  ...NAV_GROUPS.flatMap((group) => group.items).map(
    ({ key, text }): Command => ({ key: `g ${key}`, what: text, group: 'Go to' }),
  ),
];
const DEFAULTS: ReadonlySet<string> = new Set(COMMANDS.map(({ key }) => key));

/** Keys that belong to the browser, to a focused control, or to every dialog. */
export const FIXED_KEYS: readonly { readonly keys: readonly string[]; readonly what: string }[] = [
  { keys: ['Ctrl', 'K'], what: 'Search everything' },
  { keys: ['Ctrl', 'Enter'], what: 'Commit what the tray says' },
  { keys: ['Enter'], what: 'Open the request in focus' },
  { keys: ['Esc'], what: 'Close, go back' },
];

/** The key of a command for this person; null = none. */
export function keyOf(chosen: ChosenKeys, command: string): string | null {
  return Object.hasOwn(chosen, command) ? (chosen[command] ?? null) : command;
}

/**
 * The command a key stands for now; null when it stands for none. A key that is no command's, such as Escape, stands for
 * itself.
 */
export function commandOf(chosen: ChosenKeys, pressed: string): string | null {
  const command = COMMANDS.find(({ key }) => keyOf(chosen, key) === pressed);
  if (command !== undefined) return command.key;
  return DEFAULTS.has(pressed) ? null : pressed;
}

/** Whether a command is two keys in a row. Both begin with `g`; only the second can be chosen. */
export function isPair(command: string): boolean {
  return command.startsWith('g ');
}

export type KeyRefusal = { readonly sentence: string };

/** Why a command cannot have this key; null = it can. `pressed` is one key, as the keyboard reports it. */
export function refuseKey(chosen: ChosenKeys, command: string, pressed: string): KeyRefusal | null {
  if ([...pressed].length !== 1 || pressed === ' ' || /[\p{C}\p{Z}]/u.test(pressed)) {
    return { sentence: 'Choose a key that writes a character: a letter, a digit or a sign.' };
  }
  if (!isPair(command) && pressed === 'g') {
    return { sentence: 'g begins the pairs that go to a page. Choose another key.' };
  }
  const key = isPair(command) ? `g ${pressed}` : pressed;
  const taken = COMMANDS.find((other) => other.key !== command && keyOf(chosen, other.key) === key);
  if (taken === undefined) return null;
  return { sentence: `${key} is taken: ${taken.what}. Give that another key first, or switch it off.` };
}

/** What a person chose, with one command changed. A command that gets its own key back is no longer a choice. */
export function chooseKey(chosen: ChosenKeys, command: string, key: string | null): ChosenKeys {
  const { [command]: _, ...rest } = chosen;
  return key === command ? rest : { ...rest, [command]: key };
}

/**
 * Reads what was kept. Whatever is not one of our commands with a key that it may have is dropped, and so is a key that
 * two would share: a page that cannot tell which is meant must not guess.
 */
export function readChosen(kept: unknown): ChosenKeys {
  if (typeof kept !== 'object' || kept === null) return {};
  let chosen: ChosenKeys = {};
  // Switched off and moved away first: their keys are free for others then.
  const entries = Object.entries(kept).filter(([command]) => DEFAULTS.has(command));
  const vacated: ChosenKeys = Object.fromEntries(entries.map(([command]) => [command, null]));
  for (const [command, key] of entries) {
    if (key === null) chosen = { ...chosen, [command]: null };
    if (typeof key !== 'string' || isPair(command) !== isPair(key)) continue;
    const letter = isPair(key) ? key.slice(2) : key;
    if (refuseKey({ ...vacated, ...chosen }, command, letter) === null) chosen = { ...chosen, [command]: key };
  }
  // What was dropped has its own key again, which another may have taken meanwhile.
  const keys = COMMANDS.map(({ key }) => keyOf(chosen, key)).filter((key) => key !== null);
  return new Set(keys).size === keys.length ? chosen : {};
}
