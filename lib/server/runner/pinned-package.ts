// Server-only. What a command says about the code that it will run: one exact package, what the host has, or anything.
import { basename } from 'node:path';

/** What a command says about the package that it runs. */
export type PackageWish =
  /** It runs a program that is on this machine already. */
  | { readonly kind: 'none' }
  | { readonly kind: 'exact'; readonly name: string; readonly version: string }
  /** Its arguments do not say what will run: the registry of the day does, another file, or code among them. */
  | { readonly kind: 'floating'; readonly asked: string };

const SPEC =
  /^(@[a-z0-9][a-z0-9._-]*\/[a-z0-9._-]+|[a-z0-9][a-z0-9._-]*)@(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)$/i;

/** They fetch what they run, or run what they fetched, and say in too many ways what that is. */
const FETCHES =
  /^(?:npm(?:-cli)?|pnpm|pnpx|yarn|yarnpkg|bun|bunx|corepack|uv|uvx|pipx?\d*|deno|docker|podman|nerdctl|go|cargo|gem|bundle|nix|nix-shell|dnx|dotnet|jbang)$/;
/** They run the program that stands in their arguments. */
const STARTS_OTHERS =
  /^(?:(?:ba|da|z|k|c|tc|fi|a)?sh|pwsh|busybox|toybox|env|xargs|sudo|doas|su|nohup|nice|ionice|setsid|timeout|stdbuf|taskset|chroot|unshare|flock|strace|watch|find|make|git|ssh|script|expect|eval)$/;
/** They run code that stands in their arguments, or that an option loads. */
const INTERPRETS =
  /^(?:node|nodejs|tsx|ts-node|python|pypy|perl|ruby|php|lua|luajit|awk|gawk|mawk|sed|tclsh|wish|rscript|julia|osascript|elixir|erl|groovy|scala|java|jshell|guile|racket)[\d.]*$/;
/** Options of interpreters that load nothing and take no argument of their own. */
const HARMLESS =
  /^(?:-[uBsSEIOb]+|--no-warnings|--enable-source-maps|--experimental-strip-types|--disable-warning=\w+|--max-old-space-size=\d+)$/;
/** A script that is no file of this machine's disk: the requests themselves would be the program. */
const NO_FILE = /^(?:-|\/dev\/.*|\/proc\/.*|[a-z][a-z0-9+.-]*:.*)$/i;
/** Modules of python that run what their arguments say. */
const RUNS_MODULES = /^(?:pip|pipx|uv|ensurepip|runpy|timeit|trace|cProfile|profile|pdb|code|venv|zipapp|idlelib)\b/;

/**
 * Reads `npx [-y|--yes] name@1.2.3 …` and takes nothing else for an exact package: every other option of npx may change what
 * is fetched, from where, or what runs, and which of them take a value changes between its releases. Other package runners,
 * code among the arguments of an interpreter, and programs that start one of these are floating as well. Assumes nothing of a
 * program that it does not know: that is the host's own.
 */
export function packageWish(argv: readonly string[]): PackageWish {
  const [program = '', ...args] = argv;
  const name = calledName(program);
  const asked = argv.slice(0, 3).join(' ');
  const floating = { kind: 'floating', asked } as const;
  if (name === 'npx' || name === 'npx-cli') {
    const [, packageName, version] = SPEC.exec(args.find((arg) => arg !== '-y' && arg !== '--yes') ?? '') ?? [];
    return packageName === undefined || version === undefined
      ? floating
      : { kind: 'exact', name: packageName, version };
  }
  if (FETCHES.test(name)) return floating;
  if (INTERPRETS.test(name)) return isFileOfThisHost(name, args) ? { kind: 'none' } : floating;
  if (startsOthers(program)) {
    const isPlain = args[0] !== undefined && !args[0].startsWith('-') && !startsOneOf(args);
    return isPlain ? { kind: 'none' } : floating;
  }
  return { kind: 'none' };
}

/** Whether a program runs what its arguments name, so that its own name says nothing. */
export function startsOthers(program: string): boolean {
  return STARTS_OTHERS.test(calledName(program));
}

function calledName(program: string): string {
  return basename(program)
    .replace(/\.(?:cmd|exe|js|mjs|cjs)$/i, '')
    .toLowerCase();
}

/** An interpreter with a script of this host behind options that load nothing. Without a script it would read our requests. */
function isFileOfThisHost(name: string, args: readonly string[]): boolean {
  const at = args.findIndex((arg) => !HARMLESS.test(arg));
  const script = args[at] ?? '-';
  if (/^(?:python|pypy)/.test(name) && script === '-m') return !RUNS_MODULES.test(args[at + 1] ?? 'pip');
  if (/^java\d*$/.test(name) && script === '-jar') return args[at + 1] !== undefined;
  if (/^(?:\w?awk|sed)/.test(name) || script.startsWith('-') || NO_FILE.test(script)) return false;
  return !/^(?:npx-cli|npm-cli|npx|npm|pnpm|yarn|corepack)$/.test(calledName(script));
}

function startsOneOf(args: readonly string[]): boolean {
  return args.some((_, at) => packageWish(args.slice(at)).kind !== 'none');
}
