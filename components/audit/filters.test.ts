import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filtersFrom, hrefOf, queryOf, withFilter } from './filters.ts';

describe('the filters of the timeline', () => {
  it('survive the way into the address and back', () => {
    const filters = { type: 'call.refused', agent: 'release-bot', tool: 'a&b=c', since: '2026-11-22T10:00:00.000Z' };
    assert.deepEqual(filtersFrom(new URL(hrefOf(filters), 'http://x').searchParams), filters);
  });
  it('leave out what is empty, unknown, or no time', () => {
    assert.deepEqual(
      filtersFrom(new URLSearchParams('type=&colour=red&since=yesterday&policy=x&before=-1&agent=%20a%20')),
      {
        agent: 'a',
      },
    );
  });
  it('are set and taken away one by one', () => {
    assert.deepEqual(withFilter({ type: 'kill.on', agent: 'a' }, 'agent', 'b'), { type: 'kill.on', agent: 'b' });
    assert.deepEqual(withFilter({ type: 'kill.on', agent: 'a' }, 'agent', null), { type: 'kill.on' });
    assert.equal(hrefOf({}), '/audit');
    assert.equal(hrefOf({}, '7'), '/audit?entry=7');
    assert.equal(hrefOf({ policy: '3' }, null, 'c'), '/audit?policy=3&compare=c');
    assert.deepEqual(queryOf({ type: 'kill.', before: '12' }), { type: 'kill.', cursor: '12' });
  });
});
