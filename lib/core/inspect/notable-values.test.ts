import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ACTION_CLASSES } from '../risk/types.ts';
import { conditionFields } from './condition-fields.ts';
import { consequenceOf } from './consequence.ts';
import { firstSeen, notableValues } from './notable-values.ts';

const list = (value: Parameters<typeof notableValues>[0]) =>
  notableValues(value).map((one) => `${one.path} ${one.sort} ${one.value}`);

describe('the values a reviewer asks for first', () => {
  it('are hosts, recipients, paths and amounts', () => {
    assert.deepEqual(
      list({
        url: 'https://user@API.example.com:8443/a?b=c',
        to: ['Ana@example.com', '#ops'],
        file: 'report.csv',
        target: '/etc/hosts',
        amount: 12,
        title: 'nothing to see',
        n: 4,
      }),
      [
        '$.url host api.example.com',
        '$.to[0] recipient ana@example.com',
        '$.to[1] recipient #ops',
        '$.file path report.csv',
        '$.target path /etc/hosts',
        '$.amount amount 12',
      ],
    );
  });
  it('are found inside longer texts', () => {
    assert.deepEqual(list({ body: 'see http://evil.example/x and write to m@evil.example' }), [
      '$.body host evil.example',
      '$.body recipient m@evil.example',
    ]);
  });
  it('are bounded in number', () => {
    assert.equal(notableValues(Array.from({ length: 999 }, (_, i) => `/p/${i}`)).length, 300);
  });
});

describe('a value worth naming', () => {
  const one = (key: string, value: string | number) =>
    list({ [key]: value }).map((line) => line.replace(`$.${key} `, ''));
  it('is told once for each place and sort', () => {
    assert.deepEqual(list({ a: 'http://x.example http://x.example http://y.example', b: 'http://x.example' }), [
      '$.a host x.example',
      '$.a host y.example',
      '$.b host x.example',
    ]);
    assert.deepEqual(list({ to: 'a@b.example', host: 'http://to.example' }), [
      '$.to recipient a@b.example',
      '$.host host to.example',
    ]);
    assert.deepEqual(one('dest_path', '/a'), ['path /a']);
    assert.deepEqual(list({ to: 'x', file: 'x' }), ['$.to recipient x', '$.file path x']);
    assert.deepEqual(list({ to: ['x', 'x'] }), ['$.to[0] recipient x', '$.to[1] recipient x']);
    assert.deepEqual(one('to', 'a@b.example, c@d.example'), [
      'recipient a@b.example',
      'recipient c@d.example',
      'recipient a@b.example, c@d.example',
    ]);
  });
  it('is an amount when it is a number under such a name', () => {
    for (const value of ['12', '-1', '10.55', '3,75', '-10,5', ' 7 ', '0.5']) {
      assert.deepEqual(one('amount', value), [`amount ${value.trim()}`], value);
    }
    for (const value of ['x12', '12x', '12.', '.5', 'ten', '1.2.3', '--1', '1 2', '12-5', '1.x', '']) {
      assert.deepEqual(one('amount', value), [], value);
    }
    assert.deepEqual(
      [one('total_price', 5), one('price', -2.5), one('n', 5), one('pricey', 5)],
      [['amount 5'], ['amount -2.5'], [], []],
    );
    assert.deepEqual(notableValues(5), []);
  });
  it('is a path by its name unless it is an address, or by how it begins', () => {
    assert.deepEqual(one('path', 'a b.txt'), ['path a b.txt']);
    assert.deepEqual(one('path', 'x http://a'), ['host a', 'path x http://a']);
    assert.deepEqual(one('path', 'http://a.example/x'), ['host a.example']);
    assert.deepEqual(one('path', 'x://a'), []);
    assert.deepEqual(one('path', '-://a'), ['path -://a']);
    assert.deepEqual(one('path', 'a\nb'), []);
    for (const path of ['/a', '~/a', './a', '../a', 'C:\\a', 'c:\\a'])
      assert.deepEqual(one('x', path), [`path ${path}`]);
    for (const path of ['a/b', '.../a', 'CC:\\a', 'C:/a', '/a b', 'x /a', '~a'])
      assert.deepEqual(one('x', path), [], path);
  });
  it('is a mail address with 64 characters before its sign at most, and one of the first hundred', () => {
    assert.deepEqual(one('x', `${'a'.repeat(64)}@b.example`), [`recipient ${'a'.repeat(64)}@b.example`]);
    assert.deepEqual(one('x', `${'z'.repeat(9)}${'a'.repeat(64)}@b.example`), [
      `recipient ${'a'.repeat(64)}@b.example`,
    ]);
    assert.deepEqual(one('x', `some words first and then ${'- '.repeat(50)}me@b.example`), ['recipient me@b.example']);
    for (const text of ['a@b', '@b.example', 'a@ b.example', 'a @b.example', 'a@.example', '@']) {
      assert.deepEqual(one('x', text), [], text);
    }
    const mails = (count: number) =>
      one('x', Array.from({ length: count }, (_, i) => `m${i}@b.example`).join(' ')).length;
    assert.deepEqual([mails(99), mails(100), mails(101)], [99, 100, 100]);
  });
  it('is no longer than 300 characters', () => {
    assert.deepEqual(one('to', 'x'.repeat(300)).length, 1);
    assert.deepEqual(one('to', 'x'.repeat(301)).length, 0);
  });
});

describe('an amount seen before', () => {
  const seen = (now: string | number, earlier: readonly (string | number)[]) =>
    firstSeen(
      notableValues({ amount: now }),
      earlier.flatMap((amount) => notableValues({ amount })),
    ).map((one) => one.note);
  it('is compared with the highest under its name', () => {
    assert.deepEqual(seen(10, [10]), []);
    assert.deepEqual(seen(11, [10, 3]), ['the highest so far was 10']);
    assert.deepEqual(seen('10,6', [9, '10,5']), ['the highest so far was 10.5']);
    assert.deepEqual(seen('10,4', ['10,5']), []);
    assert.deepEqual(seen(-1, [-2]), ['the highest so far was -2']);
    assert.deepEqual(firstSeen(notableValues({ fee: 1 }), notableValues({ amount: 9 })), [
      { path: '$.fee', sort: 'amount', value: '1', note: null },
    ]);
  });
  it('is not the value of something else under its name', () => {
    const size = notableValues({ credit: 5 });
    const other = [{ path: '$.credit', key: 'credit', sort: 'host', value: '9' } as const];
    assert.deepEqual(firstSeen(size, other), [{ path: '$.credit', sort: 'amount', value: '5', note: null }]);
    assert.deepEqual(firstSeen(notableValues({ host: 'a' }), notableValues({ to: 'a' })), [
      { path: '$.host', sort: 'host', value: 'a', note: null },
    ]);
  });
});

describe('what is first seen', () => {
  const earlier = notableValues({ host: 'a.example', amount: 10 });
  it('is what no earlier call had', () => {
    const now = notableValues({ host: 'b.example', url: 'https://a.example/x' });
    assert.deepEqual(firstSeen(now, earlier), [{ path: '$.host', sort: 'host', value: 'b.example', note: null }]);
  });
  it('is an amount above the highest so far, and no smaller one', () => {
    assert.deepEqual(firstSeen(notableValues({ amount: 9 }), earlier), []);
    assert.deepEqual(firstSeen(notableValues({ amount: 9999 }), earlier), [
      { path: '$.amount', sort: 'amount', value: '9999', note: 'the highest so far was 10' },
    ]);
  });
});

describe('the fields a condition names', () => {
  it('come with their values, also where there are none', () => {
    const args = { amount: 9999, to: { 'odd key': 'x' }, list: ['first'], long: 'y'.repeat(500) };
    const condition =
      'args.amount > 100 && args.to["odd key"] == "x" && args.list[0].startsWith("f") || has(args.gone)';
    assert.deepEqual(conditionFields(condition, args), [
      { path: '$.amount', value: '9999' },
      { path: '$.to["odd key"]', value: 'x' },
      { path: '$.list[0]', value: 'first' },
      { path: '$.gone', value: null },
    ]);
    assert.equal(conditionFields('args.long != ""', args)[0]?.value?.length, 201);
  });
  it('are read as own members only', () => {
    assert.deepEqual(conditionFields('args.constructor == 1', {}), [{ path: '$.constructor', value: null }]);
  });
});

it('every action class has a consequence', () => {
  for (const name of ACTION_CLASSES) assert.ok(consequenceOf(name).sentence.endsWith('.'), name);
});
