import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Piece, piecesOf } from './hidden-runs.ts';

const ZERO = '\u200B';
const TAG = String.fromCodePoint(0xe0041);
const back = (pieces: readonly Piece[]) =>
  pieces
    .map((piece) =>
      piece.kind === 'text' ? piece.text : piece.marks.map(({ codePoint }) => String.fromCodePoint(codePoint)).join(''),
    )
    .join('');

describe('hidden characters', () => {
  it('stand one by one where they are few, and in one run where they are many', () => {
    assert.deepEqual(
      piecesOf(`a${ZERO}${ZERO}b${ZERO.repeat(9)}`, true).map((piece) =>
        piece.kind === 'text' ? piece.text : piece.marks.length,
      ),
      ['a', 1, 1, 'b', 9],
    );
  });
  for (const text of ['', 'plain', ZERO, `${TAG.repeat(7)}x`, `x${ZERO}${TAG}`.repeat(50), `a\nb\t${ZERO.repeat(5)}`]) {
    it(`are none of them left out: ${JSON.stringify(text).slice(0, 30)}`, () => {
      const pieces = piecesOf(text, true);
      assert.equal(back(pieces), text);
      assert.equal(new Set(pieces.map(({ at }) => at)).size, pieces.length, 'each has a place of its own');
    });
  }
});
