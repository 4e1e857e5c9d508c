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
