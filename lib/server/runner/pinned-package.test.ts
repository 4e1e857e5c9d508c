import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeCommand } from '../commands/judge-command.ts';
import { packageWish } from './pinned-package.ts';

const EXACT = ['npx -y name@1.2.3', 'npx --yes @scope/name@1.2.3-rc.1 --flag', '/usr/bin/npx name@1.2.3 -c id'];
const FLOATING = [
  'npx name',
  'npx -y name@latest',
  'npx name@1.2',
  'npx name@^1.2.3',
  'npx name@~1.2.3',
  'npx name@>=1.0.0',
  'npx github:a/b#1.2.3',
  'npx ./folder',
  'npx',
  // Every option of npx but one, whether its value looks like a package or not.
  'npx --userconfig good@1.2.3 evil@latest',
  'npx --loglevel good@1.2.3 evil@latest',
  'npx -y --tag good@1.2.3 evil',
  'npx -p good@1.2.3 -p evil@latest evil',
  'npx -p name@1.2.3 bin',
  'npx --package=good@1.2.3 --package=evil evil',
  'npx --cal id good@1.2.3',
  'npx --call=id name@1.2.3',
  'npx -c id',
  'npx -ccurl good@1.2.3',
  'npx --registry=https://evil.example good@1.2.3',
  'npx --shell=/tmp/x good@1.2.3',
  'npx --node-options=--import=data:text/javascript,1 good@1.2.3',
  'npx --prefer-offline good@1.2.3',
  'npx -- good@1.2.3',
  // Other package runners, with a version or without.
  'npm --yes exec evil@latest',
  'npm exec -- name@1.2.3',
  'npm i evil',
  'npm run start',
  'npm run x --node-options=--import=data:text/javascript,1',
  'pnpm --silent dlx evil',
  'yarn dlx evil',
  'bun x evil',
  'bunx good@1.2.3',
  'uvx evil',
  'uv tool run evil',
  'pipx run evil',
  'deno run -A npm:evil',
  'docker run evil:latest',
  'node /usr/lib/node_modules/npm/bin/npx-cli.js evil',
  // Code among the arguments, or taken from our own requests.
  'node -e 1',
  'node --import data:text/javascript,1 server.js',
  'node -r ./x.js server.js',
  'node data:text/javascript,1',
  'node',
  'node -',
  'node /dev/stdin',
  '/usr/bin/python3.12 -c 1',
  'python3 -u -c 1',
  'python3 -m pip run x',
  'perl -e 1',
  'ruby -e 1',
  'php -r 1',
  'sh -c id',
  'awk BEGIN{system("id")}',
  'env npx -y good@1.2.3',
  'timeout 5 uvx evil',
];
const LOCAL = [
  'node server.js',
  'node --max-old-space-size=512 /opt/a.js -e',
  'python3 -u -m my_server',
  'python3 server.py -c x',
  '/opt/server -e',
];

test('only npx with a full version, and no option before it but -y, is exact; all else may be another program tomorrow', () => {
  for (const [kind, lines] of [
    ['exact', EXACT],
    ['floating', FLOATING],
    ['none', LOCAL],
  ] as const) {
    for (const line of lines) assert.equal(packageWish(line.split(' ')).kind, kind, line);
  }
});

test('what is not pinned cannot be proposed, though the host lists its program', () => {
  const isProposable = (line: string) => judgeCommand(line.split(' '), [line.split(' ')[0] ?? '']).ok;
  for (const line of FLOATING) assert.equal(isProposable(line), false, line);
  for (const line of [...EXACT, ...LOCAL]) assert.equal(isProposable(line), true, line);
});
