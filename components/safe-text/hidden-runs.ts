import { type VisibleSegment, visibleSegments } from '#lib/core/text/visible.ts';

type Marker = Extract<VisibleSegment, { readonly kind: 'marker' }>;
/** Plain text, one hidden character, or many in a row, each with its place in the text. */
export type Piece =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'hidden'; readonly at: number; readonly marks: readonly Marker[] };

/** So many in a row stand in one box: ten thousand boxes would stop the page, and nobody reads them one by one. */
const RUN = 5;

/** A text in pieces: what may be shown as it is, single hidden characters, and runs of them. Nothing is left out. */
export function piecesOf(text: string, multiline: boolean): readonly Piece[] {
  const pieces: Piece[] = [];
  let run: Marker[] = [];
  let at = 0;
  let runAt = 0;
  const flush = () => {
    if (run.length >= RUN) pieces.push({ kind: 'hidden', at: runAt, marks: run });
    else pieces.push(...run.map((mark, nth): Piece => ({ kind: 'hidden', at: runAt + nth, marks: [mark] })));
    run = [];
  };
  for (const segment of visibleSegments(text, { multiline })) {
    if (segment.kind === 'marker') {
      if (run.length === 0) runAt = at;
      run.push(segment);
      at += segment.codePoint > 0xffff ? 2 : 1;
    } else {
      flush();
      pieces.push({ kind: 'text', at, text: segment.text });
      at += segment.text.length;
    }
  }
  flush();
  return pieces;
}
