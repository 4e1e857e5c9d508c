import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { conditionFields } from './condition-fields.ts';

const read = (condition: string, args: Parameters<typeof conditionFields>[1]) =>
  conditionFields(condition, args).map(({ path, value }) => [path, value]);

describe('the fields a condition names', () => {
  it('are found however they are written', () => {
    const args = { a: 1, b: { c: [true, { d: 'x' }] }, 'odd key': { "it's": 2 }, '': 3 };
    for (const [condition, path, value] of [
      ['args.a > 1', '$.a', '1'],
      ['1 < args . a', '$.a', '1'],
      ['args.b.c[1].d', '$.b.c[1].d', 'x'],
      ['args.b.c[ 0 ]', '$.b.c[0]', 'true'],
      ['args["a"]', '$.a', '1'],
      ["args[ 'a' ]", '$.a', '1'],
      ["args['odd key'][\"it's\"]", '$["odd key"]["it\'s"]', '2'],
      ['args[""]', '$[""]', '3'],
      ["args['']", '$[""]', '3'],
      ['args.b', '$.b', '{"c":[true,{"d":"x"}]}'],
      ['args.b.size() > 1', '$.b', '{"c":[true,{"d":"x"}]}'],
      ['args.a.x', '$.a.x', null],
      ['args.b.c.d', '$.b.c.d', null],
      ['args.b.c["0"]', '$.b.c["0"]', null],
      ['args.b.c[9]', '$.b.c[9]', null],
      ['args.b.c[10]', '$.b.c[10]', null],
      ['args.b.c [0]', '$.b.c[0]', 'true'],
      ['args.a==list[0]', '$.a', '1'],
      ['args.constructor', '$.constructor', null],
    ] as const) {
      assert.deepEqual(read(condition, args), [[path, value]], condition);
    }
  });
  it('are none where it names none', () => {
    for (const condition of ['', 'args', 'args == x', 'myargs.a', 'args.size()', 'tool.args', 'argsx.a']) {
      assert.deepEqual(read(condition, { a: 1 }), [], condition);
    }
  });
  it('stand there once, in the order they are named, and the first twenty', () => {
    assert.deepEqual(read('args.b == 1 || args.a == args.b', { a: 1, b: 2 }), [
      ['$.b', '2'],
      ['$.a', '1'],
    ]);
    const named = (count: number) => read(Array.from({ length: count }, (_, i) => `args.k${i}`).join(' + '), {}).length;
    assert.deepEqual([named(19), named(20), named(21), named(30)], [19, 20, 20, 20]);
  });
  it('are cut at 200 characters and never within one', () => {
    const cut = (value: string) => read('args.a', { a: value })[0]?.[1];
    assert.equal(cut('y'.repeat(200)), 'y'.repeat(200));
    assert.equal(cut('y'.repeat(201)), `${'y'.repeat(200)}…`);
    assert.equal(cut(`${'y'.repeat(199)}😀`), `${'y'.repeat(199)}…`);
    assert.equal(cut(`${'y'.repeat(198)}😀z`), `${'y'.repeat(198)}😀…`);
    assert.equal(cut(`y\uFFFDz${'y'.repeat(300)}`), `y\uFFFDz${'y'.repeat(197)}…`);
  });
});
