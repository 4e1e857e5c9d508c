import type { StepWord } from './shape.ts';

/** One simple command of a script, as a parser gave it. `pipedInto` is the index of the next command of its pipe. */
export type ShellCommand = {
  readonly lead: string;
  readonly words: readonly StepWord[];
  readonly redirects: readonly { readonly operator: string; readonly target: StepWord | null }[];
  readonly pipedInto: number | null;
};

/** Programs that run what they are given as shell text. */
export const SHELLS = /^(ba|z|da|k|a|c|tc|fi|mk|rba|ya|ok)?sh$/;
/** Programs that run what they are given as code of another language. */
export const INTERPRETERS =
  /^(python[\d.]*|node|nodejs|deno|bun|perl|ruby|php|lua|osascript|mongo|mongosh|pwsh|powershell|awk|gawk)$/;
const WRAPPERS: ReadonlyMap<string, RegExp> = new Map([
  ['sudo', /^-[ugpCTrt]$/],
  ['doas', /^-[uC]$/],
  ['env', /^-[uSC]$/],
  ['nohup', /^$/],
  ['time', /^-[fo]$/],
  ['command', /^$/],
  ['builtin', /^$/],
  ['exec', /^-a$/],
  ['nice', /^-n$/],
  ['ionice', /^-[cn]$/],
  ['setsid', /^$/],
  ['stdbuf', /^-[ioe]$/],
  ['timeout', /^-[ks]$/],
  ['xargs', /^-[aEIdLnPs]$/],
  ['busybox', /^$/],
  ['toybox', /^$/],
]);
/** `x=1 ls`: set for one command. Never the last word: then it is no command at all. */
const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;

/** What one command is once `sudo`, `env` and the like are taken off: its name and the words after it. */
export function programOf(words: readonly StepWord[]): {
  readonly name: string;
  /** The word that names it; it may be computed. */
  readonly word: StepWord | undefined;
  readonly rest: readonly StepWord[];
  readonly wrappers: readonly string[];
} {
  const wrappers: string[] = [];
  let at = 0;
  while (at < words.length - 1 && ASSIGNMENT.test(words[at]?.text ?? '')) at += 1;
  for (;;) {
    const name = baseName(words[at]?.text ?? '');
    const valued = WRAPPERS.get(name);
    if (valued === undefined || words[at]?.computed === true) {
      return { name, word: words[at], rest: words.slice(at + 1), wrappers };
    }
    wrappers.push(name);
    at += 1;
    while (at < words.length) {
      const word = words[at]?.text ?? '';
      const isOption = word.startsWith('-') || (name === 'env' && /^\w+=/.test(word));
      const isTime = name === 'timeout' && /^[\d.]+[smhd]?$/.test(word);
      if (!isOption && !isTime) break;
      at += valued.test(word) ? 2 : 1;
      if (isTime) break;
    }
  }
}

/** The last part of a path. */
export function baseName(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1);
}
