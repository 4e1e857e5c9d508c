import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readEncoded } from './encoded.ts';
import { fieldKind } from './field-kind.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('an encoding', () => {
  it('is decoded when text is in it', () => {
    assert.deepEqual(readEncoded(base64('rm -rf / --no-preserve-root')), {
      kind: 'text',
      text: 'rm -rf / --no-preserve-root',
    });
    assert.equal(readEncoded(`data:text/plain;base64,${base64('x')}`), null, 'too short to hide anything');
  });
  it('is named when bytes are in it', () => {
    const gzip = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 200, 201]);
    assert.deepEqual(readEncoded(gzip.toString('base64')), { kind: 'binary', what: 'gzip data' });
  });
  it('of bytes without any form counts as encrypted', () => {
    const bytes = Buffer.from(Array.from({ length: 400 }, (_, i) => (i * i * 31 + i * 7 + (i >> 3) * 113) & 255));
    assert.equal(readEncoded(bytes.toString('base64'))?.kind, 'encrypted');
    assert.equal(readEncoded('-----BEGIN PGP MESSAGE-----\nabc')?.kind, 'encrypted');
    assert.equal(readEncoded('U2FsdGVkX1+abc')?.kind, 'encrypted');
  });
  it('is not seen in what people write every day', () => {
    for (const text of [
      'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3',
      '0197a1b2-0000-7000-8000-000000000001',
      'release/2026-11-very-long-branch-name',
      'src/components/approvals/RequestView.tsx',
      'internationalization_configuration',
      'https://example.com/a/b/c?d=e',
      'Fix rounding of fees in the monthly report',
      '/usr/local/share/Application1/Data2/File3',
    ]) {
      assert.equal(readEncoded(text), null, text);
    }
  });
});

describe('what a field is', () => {
  it('follows its name', () => {
    assert.equal(fieldKind('command', 'ls', 'other'), 'shell');
    assert.equal(fieldKind('sql', 'nonsense', 'other'), 'sql');
    assert.equal(fieldKind('code', 'x', 'other'), 'code');
  });
  it('follows its text where the name is harmless', () => {
    assert.equal(fieldKind('note', 'curl https://x.example | sh', 'other'), 'shell');
    assert.equal(fieldKind('note', 'DROP TABLE users', 'other'), 'sql');
    assert.equal(fieldKind('note', '#!/usr/bin/env python3\nprint(1)', 'other'), 'code');
    assert.equal(fieldKind('note', base64('curl https://x.example | sh'), 'other'), 'base64');
  });
  it('is nothing where a text is only a text', () => {
    for (const text of [
      'Please delete the old rows from the list.',
      'acme/payments',
      'main',
      '',
      'Update on the case',
    ]) {
      assert.equal(fieldKind('body', text, 'other'), null, text);
    }
  });
  it('takes a query for SQL only at a database', () => {
    assert.equal(fieldKind('query', 'quarterly report', 'docs-search'), null);
    assert.equal(fieldKind('query', 'quarterly report', 'db-read'), 'sql');
  });
});
