import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blocksOf } from './text-blocks.ts';

const MIB = 1024 * 1024;
const TEXTS = {
  lines: 'a line with some words\n'.repeat(MIB / 23),
  'one line': 'abcdefgh '.repeat(MIB / 9),
  'one word': 'x'.repeat(MIB),
  'astral characters': '\u{1F600}'.repeat(MIB / 4),
  'line breaks only': '\n'.repeat(100_000),
  'blanks before the end': `x${' '.repeat(300_000)}rm -rf /`,
  'indented lines': `${' '.repeat(30)}x\n`.repeat(20_000),
  'long lines': `${'y'.repeat(30_000)}\n`.repeat(20),
};

describe('a long text in blocks', () => {
  for (const [name, text] of Object.entries(TEXTS)) {
    it(`is the whole text: ${name}`, () => {
      const blocks = blocksOf(text);
      assert.equal(blocks.map((block) => block.text).join(''), text);
      for (const [n, block] of blocks.entries()) {
        assert.ok(block.text.isWellFormed());
        assert.equal(text.slice(block.at, block.at + block.text.length), block.text);
        // A break on the screen is one of the text, or it is said that the line goes on.
        if (n < blocks.length - 1) assert.equal(block.goesOn, !block.text.endsWith('\n'));
        const next = blocks[n + 1]?.text ?? '';
        const blanks = (/\s*$/.exec(block.text)?.[0].length ?? 0) + (/^\s*/.exec(next)?.[0].length ?? 0);
        // A run that is cut would be two short ones, of which neither is counted.
        if (/\s$/.test(block.text) && /^\s/.test(next)) assert.ok(blanks < 24, `${blanks} blanks cut`);
      }
    });
  }
  it('is small enough to be laid out one by one', () => {
    for (const name of ['lines', 'one line', 'one word', 'astral characters', 'long lines'] as const) {
      assert.ok(
        blocksOf(TEXTS[name]).every(({ text }) => text.length <= 8 * 1024 + 1),
        name,
      );
      assert.ok(blocksOf(TEXTS[name]).length > 10, name);
    }
  });
  it('stays one where it is not long', () => {
    assert.deepEqual(blocksOf(''), [{ at: 0, text: '', goesOn: false }]);
    assert.equal(blocksOf('a\nb'.repeat(1000)).length, 1);
  });
});
