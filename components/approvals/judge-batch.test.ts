import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BatchItem, blockBatchApprove, blockBatchDeny } from './judge-batch.ts';

const item = (n: number, change: Partial<BatchItem> = {}): BatchItem => ({
  id: String(n),
  digest: '5f'.repeat(32),
  server: 'tickets',
  tool: 'comment',
  tier: 'medium',
  agent: 'bot',
  argsPreview: '{}',
  ...change,
});
const many = (count: number) => Array.from({ length: count }, (_, n) => item(n));

describe('approving several at once', () => {
  it('takes up to 20 medium calls of one tool', () => assert.equal(blockBatchApprove(many(20), false), null));
  const cases: readonly (readonly [string, readonly BatchItem[], boolean, RegExp])[] = [
    ['there are more than 20', many(21), false, /At most 20/],
    ['one is of high risk', [item(1), item(2, { tier: 'high' })], false, /one by one/],
    ['they are of two tools', [item(1), item(2, { tool: 'close' })], false, /one tool/],
    ['tools of one name are of two servers', [item(1), item(2, { server: 'other' })], false, /one tool/],
    ['the page is stale', many(2), true, /stale/],
  ];
  for (const [why, items, stale, sentence] of cases) {
    it(`is blocked with a sentence when ${why}`, () => assert.match(blockBatchApprove(items, stale) ?? '', sentence));
  }
});

describe('denying several at once', () => {
  it('takes whatever was selected, up to 200', () => {
    assert.equal(blockBatchDeny([item(1, { tier: 'high' }), item(2, { tool: 'close' })]), null);
    assert.match(blockBatchDeny(many(201)) ?? '', /At most 200/);
  });
});
