// Server-only. Which files of the host a command needs to run, told from its arguments.
import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram } from './probe-sandbox.ts';
import { isWithin } from './sandbox.ts';

/** Places that are never shown, and that nothing shown may contain. */
export type Guarded = { readonly directories: readonly string[]; readonly files: readonly string[] };

/** The files a command may see besides the system's: node's own, and those that its arguments name. */
export function filesOf(argv: readonly string[], path: string, guarded: Guarded): readonly string[] {
  const [program = '', ...args] = argv;
  const found = program.startsWith('/') ? program : findProgram(program, path);
  const named = args.flatMap((arg) => (arg.startsWith('/') && existsSync(arg) ? [arg] : []));
  const places = [
    installationOf(process.execPath),
    ...(found === null ? [] : [installationOf(found), installationOf(realpathSync(found))]),
    ...named.flatMap((one) => [placeOf(one), placeOf(realpathSync(one))]),
  ];
  return [...new Set(places)].filter((place) => mayShow(place, guarded));
}

/** Whether a place may be shown: neither ours, nor in what is ours, nor around a whole machine. */
export function mayShow(place: string, guarded: Guarded): boolean {
  const tooMuch = ['/', '/home', '/root', '/etc', '/var', '/tmp', '/run', '/proc', '/sys', '/dev'];
  if (tooMuch.includes(place) || isSomebodysHome(place) || !existsSync(place)) return false;
  return !guarded.directories.some((ours) => isWithin(place, ours)) && !guarded.files.includes(place);
}

function isSomebodysHome(place: string): boolean {
  return dirname(place) === '/home' || dirname(place) === '/Users';
}

/** `<prefix>/bin/node` needs `<prefix>/lib` as well; a program that lies elsewhere is one file. */
function installationOf(program: string): string {
  const directory = dirname(program);
  return directory.endsWith('/bin') ? dirname(directory) : placeOf(program);
}

/** A script needs its packages: all of the outermost `node_modules`, or the package that it is part of. */
function placeOf(path: string): string {
  const at = path.indexOf('/node_modules/');
  if (at !== -1) return path.slice(0, at + '/node_modules'.length);
  if (!statSync(path).isFile()) return path;
  for (
    let directory = dirname(path);
    directory !== '/' && !isSomebodysHome(directory);
    directory = dirname(directory)
  ) {
    if (existsSync(join(directory, 'package.json'))) return directory;
  }
  return path;
}
