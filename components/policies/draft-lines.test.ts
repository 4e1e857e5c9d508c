import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rule } from '#lib/core/policies/rule.ts';
import { type DraftLines, draftOf, editDraft, freeName, rulesOf } from './draft-lines.ts';

// biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
const rule = (name: string): Rule => ({ name, when: { tools: [name] }, then: 'hold' });
const names = (draft: DraftLines) => rulesOf(draft).map((one) => one.name);
const DRAFT = draftOf(['a', 'b', 'c'].map(rule));

test('a rule moves by one place and stops at either end', () => {
  const once = editDraft(DRAFT, { kind: 'move', key: 2, by: -1 });
  assert.deepStrictEqual(names(once), ['a', 'c', 'b']);
  assert.deepStrictEqual(names(editDraft(once, { kind: 'move', key: 0, by: -1 })), ['a', 'c', 'b']);
  assert.deepStrictEqual(names(editDraft(once, { kind: 'move', key: 1, by: 1 })), ['a', 'c', 'b']);
});

test('a deleted rule comes back where it stood, whatever was renamed meanwhile', () => {
  const removed = editDraft(DRAFT, { kind: 'remove', key: 1 });
  assert.deepStrictEqual(names(removed), ['a', 'c']);
  const renamed = editDraft(removed, { kind: 'change', key: 0, rule: rule('z') });
  const back = editDraft(renamed, { kind: 'bring-back' });
  assert.deepStrictEqual(names(back), ['z', 'b', 'c']);
  assert.equal(back.removed, null);
  assert.deepStrictEqual(names(editDraft(back, { kind: 'bring-back' })), ['z', 'b', 'c']);
});

test('a copy stands below its model under a name of its own, and is open', () => {
  const copied = editDraft(DRAFT, { kind: 'duplicate', key: 0 });
  assert.deepStrictEqual(names(copied), ['a', 'a-2', 'b', 'c']);
  assert.equal(copied.openKey, 3);
  assert.deepStrictEqual(rulesOf(copied)[1]?.when, { tools: ['a'] });
});

test('a rule after a model stands last, under a free name, and is open', () => {
  const twice = editDraft(editDraft(DRAFT, { kind: 'add-like', rule: rule('a') }), {
    kind: 'add-like',
    rule: rule('x'),
  });
  assert.deepStrictEqual(names(twice), ['a', 'b', 'c', 'a-2', 'x']);
  assert.deepStrictEqual([rulesOf(twice)[3]?.when, twice.openKey], [{ tools: ['a'] }, 4]);
});

test('a new rule has a key that no other line has, also after one was deleted', () => {
  const added = editDraft(editDraft(DRAFT, { kind: 'remove', key: 2 }), { kind: 'add', decision: 'deny' });
  const back = editDraft(added, { kind: 'bring-back' });
  assert.equal(new Set(back.lines.map((line) => line.key)).size, 4);
  assert.deepStrictEqual(names(added), ['a', 'b', 'new-deny']);
});

test('a free name never grows past what a name may have', () => {
  const long = 'x'.repeat(32);
  assert.equal(freeName(long, [long]), `${'x'.repeat(30)}-2`);
  assert.equal(freeName('free', []), 'free');
});
