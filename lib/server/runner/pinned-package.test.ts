import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageWish } from './pinned-package.ts';

test('only a full version is exact; everything else may be another program tomorrow', () => {
  const kinds = (argv: string) => packageWish(argv.split(' ')).kind;
  for (const argv of [
    'npx -y name@1.2.3',
    'npx --yes @scope/name@1.2.3-rc.1 --flag',
    '/usr/bin/npx -p name@1.2.3 bin',
    'npx --package=name@1.2.3 bin',
    'npm exec -- name@1.2.3',
    'npx --registry https://r.example name@1.2.3',
  ]) {
    assert.equal(kinds(argv), 'exact', argv);
  }
  for (const argv of [
    'npx name',
    'npx -y name@latest',
    'npx name@1.2',
    'npx name@^1.2.3',
    'npx name@~1.2.3',
    'npx name@>=1.0.0',
    'npx github:a/b#1.2.3',
    'npx ./folder',
    'npx -c id',
    'npx --call=id name@1.2.3',
    'npx',
    'bunx name',
    'npm exec name',
  ]) {
    assert.equal(kinds(argv), 'floating', argv);
  }
  for (const argv of ['node server.js', '/opt/server', 'npm run start']) assert.equal(kinds(argv), 'none', argv);
});
