import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readLicences, writeLicences } from './licences.ts';

test('every package that is installed to run is listed with its licence, those for development are not', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'countersign-licences-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const packages = {
    '': { version: '1.0.0' },
    'node_modules/a': { version: '1.0.0', license: 'MIT' },
    'node_modules/b/node_modules/@x/a': { version: '2.0.0', license: 'ISC' },
    'node_modules/c': { version: '3.0.0' },
    'node_modules/elsewhere': { version: '1.0.0', optional: true },
    'node_modules/silent': { version: '4.0.0' },
    'node_modules/test-runner': { version: '9.0.0', license: 'MIT', dev: true },
  };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  mkdirSync(join(root, 'node_modules', 'c'), { recursive: true });
  writeFileSync(
    join(root, 'node_modules', 'c', 'package.json'),
    JSON.stringify({ licenses: [{ type: 'BSD-3-Clause' }] }),
  );
  mkdirSync(join(root, '.next'));
  assert.deepEqual(readLicences(root), { built: false, items: [] });
  writeLicences(root);
  assert.deepEqual(readLicences(root), {
    built: true,
    items: [
      { name: '@x/a', version: '2.0.0', licence: 'ISC' },
      { name: 'a', version: '1.0.0', licence: 'MIT' },
      { name: 'c', version: '3.0.0', licence: 'BSD-3-Clause' },
      { name: 'silent', version: '4.0.0', licence: 'not said' },
    ],
  });
});
