// Names of commands as an admin's stolen session would send them: paths, shells, options, other encodings of all that.
import type { Random } from './random.ts';

const PARTS = [
  '/bin/sh',
  'sh',
  'bash -c id',
  'env',
  'npx',
  'node',
  '../../../usr/bin/node',
  './node',
  '-e',
  '--import=data:text/javascript,0',
  'npx -y left-pad@1.3.0',
  '$(id)',
  '`id`',
  ';id',
  '|id',
  '&&id',
  '%2e%2e%2fnode',
  'node\u0000',
  'ｎｏｄｅ',
  'n\u200bode',
  '\u202enode',
  'NODE',
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  '\n',
  'a'.repeat(33),
  'a'.repeat(4000),
];
const ENDS = ['', '', '', '-1', ' ', '/', '\\', '.cmd', '@latest', '\r\nx-y: z', '\ud800'];

export type CommandRequest = { readonly method: 'GET' | 'POST'; readonly path: string; readonly body: unknown };

/** One request that names a command: as a server's, as a proposal's, as its program, or in the path. */
export function commandRequest(random: Random): CommandRequest {
  const name = random.pick(PARTS) + random.pick(ENDS);
  const value: unknown = random.once(8) ? random.pick([null, 0, true, [name], { toString: name }]) : name;
  const other = random.pick(PARTS);
  switch (random.below(5)) {
    case 0:
      return { method: 'POST', path: '/api/v1/servers', body: { transport: 'stdio', name: 'fuzz', command: value } };
    case 1:
      return {
        method: 'POST',
        path: '/api/v1/servers',
        body: { transport: 'stdio', name: 'fuzz', command: 'fuzz', argv: [value, other], env: { PATH: other } },
      };
    case 2:
      return { method: 'POST', path: '/api/v1/commands/proposals', body: proposal(value, [other]) };
    case 3:
      return { method: 'POST', path: '/api/v1/commands/proposals', body: proposal('fuzz', [value, other]) };
    default:
      return { method: 'GET', path: `/api/v1/commands/running/${encodeName(name)}`, body: undefined };
  }
}

function proposal(name: unknown, argv: readonly unknown[]) {
  return { name, argv, reason: 'nobody asked for it' };
}

/** A lone surrogate has no encoding in a URL. */
function encodeName(name: string): string {
  return name.isWellFormed() ? encodeURIComponent(name) : '%ED%A0%80';
}
