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

/** So many bytes, each by its place. */
const bytes = (count: number, at: (i: number) => number) =>
  btoa(Array.from({ length: count }, (_, i) => String.fromCharCode(at(i))).join(''));
const random = (i: number) => (i * i * 31 + i * 7 + (i >> 3) * 113) & 255;
const FORMLESS = {
  kind: 'encrypted',
  what: 'bytes without a recognisable form: encrypted, packed or random',
};

describe('a sealed text', () => {
  for (const [text, what] of [
    ['-----BEGIN PGP MESSAGE-----', 'a PGP message'],
    ['-----BEGIN AGE ENCRYPTED FILE-----', 'an age file'],
    ['age-encryption.org/v1', 'an age file'],
    ['-----BEGIN ENCRYPTED PRIVATE KEY-----', 'an encrypted private key'],
    ['$ANSIBLE_VAULT;1.1', 'an Ansible vault'],
    ['ENC[AES256,x]', 'an encrypted value'],
    ['U2FsdGVkX1abc', 'an OpenSSL-encrypted text'],
    [`gAAAAA${'a'.repeat(60)}`, 'a Fernet token'],
    [`gAAAAA${'Z9_-'.repeat(20)}==`, 'a Fernet token'],
  ] as const) {
    it(`is named by how it begins: ${what}`, () => {
      assert.deepEqual(readEncoded(text), { kind: 'encrypted', what });
      assert.deepEqual(readEncoded(` \n${text}\n`), { kind: 'encrypted', what });
      assert.equal(readEncoded(`- ${text}`), null);
    });
  }
  it('of a Fernet token is long enough and whole', () => {
    for (const text of [`gAAAAA${'a'.repeat(59)}`, `gAAAAA${'a'.repeat(60)}===`, `gAAAAA${'a'.repeat(60)} b`]) {
      assert.equal(readEncoded(text), null, text);
    }
  });
});

describe('encoded bytes', () => {
  for (const [start, what] of [
    ['\x1f\x8b', 'gzip data'],
    ['PK\x03\x04', 'a zip archive'],
    ['\x7fELF', 'a program (ELF)'],
    ['MZ', 'a program (Windows)'],
    ['%PDF', 'a PDF'],
    ['\x89PNG', 'a PNG image'],
    ['\xff\xd8\xff', 'a JPEG image'],
    ['GIF8', 'a GIF image'],
    ['7z\xbc\xaf', 'a 7-Zip archive'],
    ['BZh', 'bzip2 data'],
    ['\xfd7zXZ', 'xz data'],
    ['\x00asm', 'a WebAssembly program'],
    ['\xca\xfe\xba\xbe', 'a program (Java or macOS)'],
  ] as const) {
    it(`are named by their first ones: ${what}`, () => {
      const data = btoa(`${start}some more bytes 1234567 and`);
      assert.deepEqual(readEncoded(`data:;base64,${data}`), { kind: 'binary', what });
      const later = readEncoded(`data:;base64,${btoa(`x${start}some more bytes 1234567 and`)}`);
      assert.notEqual(later?.kind === 'binary' ? later.what : null, what);
    });
  }
  it('without a form count as encrypted from 48 on, or where they are declared', () => {
    assert.equal(readEncoded(bytes(46, random)), null);
    assert.equal(readEncoded(bytes(47, random)), null);
    assert.deepEqual(readEncoded(bytes(48, random)), FORMLESS);
    assert.deepEqual(readEncoded(bytes(400, random)), FORMLESS);
    assert.deepEqual(readEncoded(`data:;base64,${bytes(46, random)}`), FORMLESS);
  });
  it('that repeat themselves are binary data', () => {
    const binary = { kind: 'binary', what: 'binary data' };
    assert.deepEqual(readEncoded(`data:;base64,${bytes(60, (i) => 200 + (i % 3))}`), binary);
    assert.deepEqual(readEncoded(`data:;base64,${bytes(60, () => 200)}`), binary);
    assert.deepEqual(readEncoded(`data:;base64,${bytes(256, (i) => 128 + (i % 64))}`), binary);
    assert.deepEqual(readEncoded(`data:;base64,${bytes(256, (i) => 255 - i)}`), FORMLESS);
  });
  it('are text with few control characters', () => {
    const text = (controls: number, others: number) => `${'\x01'.repeat(controls)}${'aB1é'.repeat(others)}`;
    const encode = (plain: string) => `data:;base64,${btoa(String.fromCharCode(...new TextEncoder().encode(plain)))}`;
    for (const plain of [text(0, 10), `${text(1, 4)}abc`, `${text(2, 9)}ab`, `\t\n\r${text(0, 9)}`]) {
      assert.deepEqual(readEncoded(encode(plain)), { kind: 'text', text: plain }, JSON.stringify(plain));
    }
    for (const mark of ['\x00', '\x08', '\x0b', '\x0c', '\x0e', '\x1f', '\x7f']) {
      assert.notEqual(readEncoded(encode(`${mark}${mark}${'aB1é'.repeat(9)}a`))?.kind, 'text', JSON.stringify(mark));
    }
    assert.notEqual(readEncoded(encode(`${text(1, 4)}ab`))?.kind, 'text');
    assert.notEqual(readEncoded(`data:;base64,${btoa('valid until here \xff and no further')}`)?.kind, 'text');
  });
});

describe('a data address', () => {
  const data = btoa('aaaaaaaaaaaaaaaaaa');
  it('is read whatever its media type says', () => {
    for (const head of ['data:;base64,', 'data:text/plain;base64,', 'data:a/b+c.d-e;x=1;base64,', ' data:;base64,']) {
      assert.deepEqual(readEncoded(`${head}${data}`), { kind: 'text', text: 'aaaaaaaaaaaaaaaaaa' }, head);
    }
    const lines = `data:;base64,${data.slice(0, 9)}\r\n${data.slice(9)}\n`;
    assert.deepEqual(readEncoded(lines), { kind: 'text', text: 'aaaaaaaaaaaaaaaaaa' });
  });
  it('is none with anything else about it', () => {
    for (const text of [
      `xdata:;base64,${data}`,
      `data:a b;base64,${data}`,
      `data:,${data}`,
      `data:;base64,${data} b`,
    ]) {
      assert.equal(readEncoded(text), null, text);
    }
  });
  it('is read between its shortest and its longest', () => {
    assert.equal(readEncoded(`data:;base64,${btoa('x'.repeat(18)).slice(1)}`), null);
    assert.equal(readEncoded(`data:;base64,${btoa('x'.repeat(18))}`)?.kind, 'text');
    assert.equal(readEncoded(`data:;base64,${'eHh4'.repeat(65_536)}`)?.kind, 'text');
    assert.equal(readEncoded(`data:;base64,${'eHh4'.repeat(65_536)}e`), null);
    assert.equal(readEncoded(`data:;base64,${'eHh4'.repeat(65_537)}`), null);
  });
  it('is none where no bytes come out', () => {
    assert.equal(readEncoded(`data:;base64,${'eHh4'.repeat(7)}e`), null);
    assert.equal(readEncoded(`data:;base64,${'eHh4'.repeat(7)}eHg`)?.kind, 'text');
    assert.equal(readEncoded(`data:;base64,${'eHh4'.repeat(7)}=eH`), null);
  });
  it('is read in both alphabets', () => {
    const plain = 'ûÿ¾ûÿ¾ÿþÿ«ûÿþ¿Ý?>?>?>';
    const encoded = btoa(String.fromCharCode(...new TextEncoder().encode(plain)));
    const urlSafe = encoded.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
    assert.match(urlSafe, /-.*_|_.*-/);
    for (const text of [encoded, urlSafe]) {
      assert.deepEqual(readEncoded(`data:;base64,${text}`), { kind: 'text', text: plain });
    }
  });
});

describe('a text that only might be encoded', () => {
  for (const [text, decoded] of [
    ['QUJDREVGR0hJSktMTU5PUFFSU1RVVg==', 'ABCDEFGHIJKLMNOPQRSTUV'],
    ['eHl6eHl6eHl6eHl6eHl6eHl6eHk=', 'xyzxyzxyzxyzxyzxyzxy'],
    ['Y3VybCBodHRwczovL3guZXhhbXBsZS9h', 'curl https://x.example/a'],
    [' Y3VybCBodHRw\nczovL3guZXhhbXBsZS9h\n', 'curl https://x.example/a'],
  ] as const) {
    it(`is read where it mixes what words do not: ${decoded}`, () => {
      assert.deepEqual(readEncoded(text), { kind: 'text', text: decoded });
    });
  }
  for (const text of [
    'deadbeefdeadbeefdeadbeefdeadbeef',
    'DEADBEEF-1234-5678-9ABC-DEF012345678',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'IAMALLCAPITALSANDVERYLONGINDEED=',
    'SomeVeryLongIdentifierInCamelCase',
    'some_long-name_of-a-thing-with_words==',
    'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6',
    'A1B2C3D4E5F6G7H8I9J0K1L2M3N4O5P6',
    'A1B2C3D4/E5F6G7H8I9J0K1L2M3N4O5P6',
    'a1b2c3d4/e5f6g7h8i9j0k1l2m3n4o5p6',
    'YWJj/ZWFj/ZGVm/ZGVm/ZGVm/ZGVm1234',
    'a1/b2-c3_d4+e5-abcdefghijklmnopqr=',
    'feature-1234-add-9-new-tables-to-x2',
    '000000000000000000000000000000000000',
    'Y3VybCBodHRwczovL3guZXhhbXBsZS9hb',
  ]) {
    it(`is left alone where a word, a path or an id would do: ${text}`, () => assert.equal(readEncoded(text), null));
  }
});

describe('a text of 64 characters or more, which would pass for bytes,', () => {
  const again = (part: string, end = '') => `${part.repeat(8)}${end}`;
  for (const [what, text] of [
    ['hex in both cases', again('aB3dEf01')],
    ['hex with dashes', again('aB3-Ef01')],
    ['words', again('SomeWord')],
    ['words with a padding', again('SomeWord', '==')],
    ['words apart', again('Some_Wo-', '=')],
    ['a path', `a/3xZq9kLm7Tw2p/${'aB3xZq9kLm7Tw2p/'.repeat(3)}`],
    ['small letters and digits', again('a1x2z3q4')],
    ['capitals and digits', again('X1Z2Y3Q4')],
    ['small letters, digits and signs', again('ab3+xq9k')],
    ['capitals, digits and signs', again('AB3+XQ9K')],
    ['signs', again('++++++++', '==')],
    ['what only ends like a data address', `xdata:;base64,${again('aB3xZq9k')}`],
  ] as const) {
    it(`is left alone when it is ${what}`, () => assert.equal(readEncoded(text), null));
  }
  for (const [what, text] of [
    ['all cases', again('aB3xZq9k')],
    ['letters with signs', again('aBcD+xYz')],
    ['digits with a padding', again('91827364', '==')],
    ['as few slashes as an encoding has', 'aB3xZq9kLm7Tw2p/'.repeat(4)],
  ] as const) {
    it(`counts as encoded when it has ${what}`, () => assert.notEqual(readEncoded(text), null));
  }
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
