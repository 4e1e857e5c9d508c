import type { StepWord } from './shape.ts';
import { baseName, INTERPRETERS, programOf, SHELLS, type ShellCommand } from './shell-command.ts';
import { COMMAND_HARMS, type CommandFacts, SENDERS } from './shell-harms.ts';

const DOWNLOADERS = /^(curl|wget|fetch|aria2c|http|https)$/;
/** A download that stands where a file or a text would: `bash <(curl …)`, `eval "$(curl …)"`. */
const SUBSTITUTED = /([<$]\(|`)\s*(curl|wget|fetch)\b/;

/** Every harm that a list of commands would do, in our words, each once. */
export function judgeShell(commands: readonly ShellCommand[]): readonly string[] {
  const found = new Set<string>();
  const made = new Set<string>();
  commands.forEach((command) => {
    const { name, word, rest, wrappers } = programOf(command.words);
    const args = rest.map((word) => word.text);
    const flags = args.filter((word) => /^-[^-]/.test(word)).join('');
    const text = command.words.map((word) => word.text).join(' ');
    if (wrappers.includes('sudo') || wrappers.includes('doas') || name === 'su') found.add('runs as another user');
    for (const [harm, isMet] of COMMAND_HARMS) if (isMet({ name, args, flags, text, command })) found.add(harm);
    if (SUBSTITUTED.test(text) && (SHELLS.test(name) || /^(eval|source|\.)$/.test(name))) {
      found.add('pipes a download into a shell');
    }
    const next = command.pipedInto === null ? undefined : commands[command.pipedInto];
    for (const file of filesMade({ name, args, command })) made.add(file);
    if (runsOneOf(made, name, word?.text ?? '', rest)) found.add('runs a file that it made or fetched itself');
    if (next === undefined) return;
    const into = programOf(next.words);
    const runsIt = SHELLS.test(into.name) || (INTERPRETERS.test(into.name) && !/awk$/.test(into.name));
    if (runsIt && comesFrom(commands, command, DOWNLOADERS)) found.add('pipes a download into a shell');
    else if (runsIt) found.add('pipes a computed text into a shell');
    if (into.wrappers.includes('xargs') && into.name === 'rm') found.add('deletes whatever a list names');
    if (DOWNLOADERS.test(into.name) || SENDERS.test(into.name)) found.add('sends data out');
  });
  return [...found];
}

/** Files that a command writes or fetches, by their last name: what is run later is not what stood there before. */
function filesMade(f: Pick<CommandFacts, 'name' | 'args' | 'command'>): readonly string[] {
  const written = f.command.redirects.flatMap((r) => (r.operator.includes('>') ? [r.target?.text ?? ''] : []));
  const outputs = f.args.flatMap((word, i) =>
    /^(-[sSkLfo]*[oO]|--output|--output-document)$/.test(word) ? [f.args[i + 1] ?? ''] : [],
  );
  const named = DOWNLOADERS.test(f.name) ? f.args.filter((word) => word.includes('/') && !word.startsWith('-')) : [];
  const teed = f.name === 'tee' ? f.args : [];
  return [...written, ...(DOWNLOADERS.test(f.name) ? outputs : []), ...named, ...teed]
    .map(baseName)
    .filter((file) => file !== '');
}

function runsOneOf(made: ReadonlySet<string>, name: string, word: string, rest: readonly StepWord[]): boolean {
  if (word.includes('/')) return made.has(name);
  if (!SHELLS.test(name) && !INTERPRETERS.test(name) && !/^(source|\.)$/.test(name)) return false;
  const file = rest.find(({ text }) => !text.startsWith('-'));
  return file !== undefined && made.has(baseName(file.text));
}

/** Whether a command, or one before it in the same pipe, is one of these. */
function comesFrom(commands: readonly ShellCommand[], command: ShellCommand, names: RegExp): boolean {
  for (let one: ShellCommand | undefined = command, hops = 0; one !== undefined && hops < 50; hops++) {
    if (names.test(programOf(one.words).name)) return true;
    const at = commands.indexOf(one);
    one = commands.find((other) => other.pipedInto === at);
  }
  return false;
}
