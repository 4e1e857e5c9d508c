// Which commands their words do not tell: they run another text, which may be there to be read.
import type { StepWord } from './shape.ts';
import { INTERPRETERS, programOf, SHELLS, type ShellCommand } from './shell-command.ts';

/** They run a command that is among their words, or make one run later; where it begins is each program's own matter. */
const RUNNERS =
  /^(alias|trap|mapfile|readarray|chroot|unshare|nsenter|watch|script|parallel|flock|strace|ltrace|gdb|runuser|setpriv|firejail|bwrap|systemd-run|proot|fakeroot|expect|tmux|screen|cmd|cmd\.exe|vim?|nvim|ex|ed|emacs|entr|wsl)$/i;
/** `Remove-Item`: a program of another shell, whose words mean something else. */
const POWERSHELL = /^([A-Z][a-z]+-[A-Z]\w+|iex|iwr|irm|invoke-expression)$/;
/** Options by which programs that read data are given a command. */
const HOOKS =
  /^-oProxyCommand=|ProxyCommand[= ]|^--checkpoint-action=|^--(to-command|use-compress-program|rsh|pre)(=|$)|^(core\.(pager|editor|sshCommand|fsmonitor|hooksPath)|alias\.[\w-]+|diff\.external|credential\.helper|sequence\.editor)=|^\d*e\s+\S/i;
const SPLIT = /^-[iv0]*S|^--split-string(=|$)/;
/** Code among the options, also where single letters stand together: `-uc`, `-ne`, `--eval=`. */
const IN_PLACE = /^-[a-zA-Z]{0,4}[ceErp]$|^--(eval|print|execute)(=|$)|^-(enc|EncodedCommand|Command)$/i;
const SHELL_TEXT = /^-[a-zA-Z]*c[a-zA-Z]*$/;

/** Why a command cannot be judged by its words, if so. `null` = its words say what it does. */
export function opaqueCommand(command: ShellCommand): string | null {
  const { name, word, rest, wrappers } = programOf(command.words);
  if (word?.computed === true) return 'which program runs is computed';
  if (wrappers.includes('env') && command.words.some(({ text }) => SPLIT.test(text)))
    return 'env runs a text as a command';
  if (word === undefined) return null;
  if (RUNNERS.test(name)) return `${name} may run another command`;
  if (POWERSHELL.test(name)) return 'it reads like PowerShell, which is not what was parsed';
  if (rest.some(({ text }) => HOOKS.test(text)) && /^(git|ssh|scp|rsync|tar|sed|rg)$/.test(name)) {
    return `${name} is given a command to run`;
  }
  if (/^(docker|podman|kubectl|oc)$/.test(name) && rest.some(({ text }) => /^(exec|run|debug)$/.test(text))) {
    return `${name} runs a command somewhere else`;
  }
  const operand = rest.find(({ text }) => !text.startsWith('-'));
  const isShell = SHELLS.test(name);
  const isFed = command.lead.startsWith('|') || command.redirects.some(({ operator }) => operator.startsWith('<'));
  if (name === 'eval' || (isShell && rest.some(({ text }) => SHELL_TEXT.test(text)))) {
    return `${name} runs a computed text`;
  }
  if (/^(source|\.)$/.test(name) || isShell) {
    if (operand?.computed === true) return `${name} runs a computed text`;
    if (operand !== undefined && /^\/(dev\/(stdin|fd\/)|proc\/self\/fd\/)/.test(operand.text)) {
      return `${name} runs what is fed to it`;
    }
  }
  if (/awk$/.test(name)) {
    return rest.some(({ text }) => /\bsystem\b|getline|\|/.test(text)) ? `${name} is given a command to run` : null;
  }
  if (INTERPRETERS.test(name)) {
    if (rest.some(({ text }) => IN_PLACE.test(text)) || (name === 'deno' && operand?.text === 'eval')) {
      return `${name} runs code given in place`;
    }
  } else if (!isShell) {
    return null;
  }
  return isFed && (operand === undefined || rest.some(({ text }) => text === '-s'))
    ? `${name} runs what is fed to it`
    : null;
}

/** The text that a command hands to another shell to run, if it is there as it is; `null` = none, or it is computed. */
export function innerScript(command: ShellCommand): string | null {
  const { name, rest } = programOf(command.words);
  if (name === 'eval') return literal(rest);
  if (name === 'ssh') {
    const host = rest.findIndex(
      (word, i) => !word.text.startsWith('-') && !/^-[bcDEeFIiJLlmOopQRSWw]$/.test(rest[i - 1]?.text ?? ''),
    );
    return host < 0 || host === rest.length - 1 ? null : literal(rest.slice(host + 1));
  }
  if (!SHELLS.test(name)) return null;
  const flag = rest.findIndex((word) => SHELL_TEXT.test(word.text));
  if (flag < 0) {
    const fed = command.redirects.find(({ operator }) => operator.startsWith('<<'))?.target ?? null;
    return fed === null || fed.computed ? null : fed.text;
  }
  const script = rest[flag + 1];
  return script === undefined || script.computed ? null : script.text;
}

function literal(words: readonly StepWord[]): string | null {
  return words.length === 0 || words.some((word) => word.computed) ? null : words.map((word) => word.text).join(' ');
}
