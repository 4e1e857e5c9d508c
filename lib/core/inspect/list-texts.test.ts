import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '../json/value.ts';
import { listTexts } from './list-texts.ts';

const texts = (value: JsonValue) => [...listTexts(value)];
const single = (path: string, key: string, text: string, within: string | null = null) => ({
  path,
  key,
  text,
  list: null,
  covers: [],
  within,
});

describe('the texts in arguments', () => {
  it('come in their order, under their own names', () => {
    assert.deepEqual(texts({ a: 'x', n: 1, b: { c: 'y', d: null }, e: true }), [
      single('$.a', 'a', 'x'),
      single('$.b.c', 'c', 'y'),
    ]);
    assert.deepEqual(texts('x'), [single('$', '', 'x')]);
    for (const value of [1, null, true, {}, []]) assert.deepEqual(texts(value), []);
  });
  it('of a list are the list and each under its name', () => {
    assert.deepEqual(texts({ a: ['x', 'y z'] }), [
      { path: '$.a', key: 'a', text: 'x y z', list: ['x', 'y z'], covers: ['$.a'], within: null },
      single('$.a[0]', 'a', 'x', '$.a'),
      single('$.a[1]', 'a', 'y z', '$.a'),
    ]);
    assert.deepEqual(texts({ a: ['x'] }), [single('$.a[0]', 'a', 'x', '$.a')]);
    assert.deepEqual(texts({ a: ['x', 'y', 1] }), [
      single('$.a[0]', 'a', 'x', '$.a'),
      single('$.a[1]', 'a', 'y', '$.a'),
    ]);
    assert.deepEqual(texts({ a: [1, 2] }), []);
    assert.deepEqual(texts({ a: [['x', 'y']] }), [
      { path: '$.a[0]', key: 'a', text: 'x y', list: ['x', 'y'], covers: ['$.a[0]'], within: '$.a' },
      single('$.a[0][0]', 'a', 'x', '$.a[0]'),
      single('$.a[0][1]', 'a', 'y', '$.a[0]'),
    ]);
  });
  it('within an object of a list belong to no list', () => {
    assert.deepEqual(texts([{ a: 'x' }]), [single('$[0].a', 'a', 'x')]);
  });
});

describe('a program that stands beside its words', () => {
  it('is one list with them, before either', () => {
    assert.deepEqual(texts({ x: { args: ['-c', 'y z'], command: 'bash' } }), [
      {
        path: '$.x.command',
        key: 'command',
        text: 'bash -c y z',
        list: ['bash', '-c', 'y z'],
        covers: ['$.x.command', '$.x.args'],
        within: null,
      },
      { path: '$.x.args', key: 'args', text: '-c y z', list: ['-c', 'y z'], covers: ['$.x.args'], within: null },
      single('$.x.args[0]', 'args', '-c', '$.x.args'),
      single('$.x.args[1]', 'args', 'y z', '$.x.args'),
      single('$.x.command', 'command', 'bash'),
    ]);
  });
  const joined = (value: JsonValue) => texts(value).flatMap((one) => (one.covers.length > 1 ? [one.text] : []));
  it('is known by both names', () => {
    const programs = ['command', 'cmd', 'program', 'executable', 'exec', 'binary', 'bin', 'entrypoint', 'Command'];
    for (const program of programs) {
      for (const words of ['args', 'arguments', 'argv', 'ARGS']) {
        assert.deepEqual(joined({ [program]: 'rm', [words]: ['x'] }), ['rm x'], `${program} ${words}`);
      }
    }
    for (const program of ['commands', 'xcommand', 'binx', 'file', 'xbin', 'entrypoints']) {
      assert.deepEqual(joined({ [program]: 'rm', args: ['x'] }), [], program);
    }
    for (const words of ['argsx', 'xargs', 'xargv', 'argvs', 'words']) {
      assert.deepEqual(joined({ command: 'rm', [words]: ['x'] }), [], words);
    }
  });
  it('is a single word beside a list of nothing but texts', () => {
    for (const value of [
      { command: 'rm -r', args: ['x'] },
      { command: ' rm', args: ['x'] },
      { command: 'rm ', args: ['x'] },
      { command: '', args: ['x'] },
      { command: 7, args: ['x'] },
      { command: ['rm'], args: ['x'] },
      { command: 'rm', args: [] },
      { command: 'rm', args: 'x' },
      { command: 'rm', args: ['x', 1] },
      { command: 'rm', args: { a: 'x' } },
      { command: 'rm' },
      { args: ['x'] },
    ]) {
      assert.deepEqual(joined(value), [], JSON.stringify(value));
    }
    assert.deepEqual(joined({ command: 'rm', cmd: 'ls', args: ['x'], argv: ['y'] }), ['rm x']);
    assert.deepEqual(joined({ command: 'r m', cmd: 'ls', args: 1, argv: ['y'] }), ['ls y']);
  });
});
