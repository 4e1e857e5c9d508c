import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ApprovalSummary } from '#lib/contracts/approval-rows.ts';
import { sampleApproval } from './sample-approval.ts';
import { selectRows } from './select-rows.ts';

const rows: readonly ApprovalSummary[] = [
  { ...sampleApproval(), id: 'a', server: 'github', tool: 'merge', tier: 'high', agent: 'release-bot' },
  { ...sampleApproval(), id: 'b', server: 'tickets', tool: 'create', tier: 'medium', agent: 'high-flyer' },
  {
    ...sampleApproval(),
    id: 'c',
    server: 'github',
    tool: 'search',
    tier: 'low',
    agent: 'x',
    argsPreview: '{"q":"a.*b"}',
  },
];
const found = (filter: string) => selectRows(rows, filter).map((row) => row.id);

describe('the filter', () => {
  it('keeps the rows in which every word occurs, wherever', () => {
    assert.deepEqual(found('github'), ['a', 'c']);
    assert.deepEqual(found('GitHub  merge '), ['a']);
    assert.deepEqual(found('nowhere'), []);
  });
  it('narrows a word to a part of the row', () => {
    assert.deepEqual(found('tier:high'), ['a']);
    assert.deepEqual(found('agent:high'), ['b']);
    assert.deepEqual(found('server:git tier:low'), ['c']);
  });
  it('takes what was typed as a text, never as a pattern or a name of ours', () => {
    assert.deepEqual(found('a.*b'), ['c']);
    assert.deepEqual(found('constructor:x'), []);
    assert.deepEqual(found('[('), []);
  });
  it('changes nothing while it is empty', () => {
    assert.equal(selectRows(rows, '  '), rows);
  });
});
