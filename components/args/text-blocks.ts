// Cuts a long text into blocks that a page can lay out one by one, without showing a line break that is not there.

/** `goesOn`: the block ends in the middle of a line, which has to be said where it is shown. */
export type TextBlock = { readonly at: number; readonly text: string; readonly goesOn: boolean };

/** About two screens of text: small enough to lay out in a frame, large enough that a megabyte is a few hundred of them. */
const BLOCK_UNITS = 4 * 1024;
/** So much further a line may go before it is cut. */
const LINE_UNITS = 4 * 1024;
/** Blank runs from this length on are shown as a count (compare-args.ts) and stay in one block, to be counted whole. */
export const BLANKS_COUNTED = 24;

/**
 * A text as blocks in order; together they are the text. Each but the last ends with a line break, or says that its line
 * goes on. A text of ordinary length is one block.
 */
export function blocksOf(text: string): readonly TextBlock[] {
  const blocks: TextBlock[] = [];
  let at = 0;
  while (text.length - at > BLOCK_UNITS + LINE_UNITS) {
    const lineEnd = endOfLine(text, at + BLOCK_UNITS, at + BLOCK_UNITS + LINE_UNITS);
    const to = lineEnd ?? cutInLine(text, at + BLOCK_UNITS + LINE_UNITS);
    if (to >= text.length) break;
    blocks.push({ at, text: text.slice(at, to), goesOn: lineEnd === null });
    at = to;
  }
  return [...blocks, { at, text: text.slice(at), goesOn: false }];
}

/** The first place behind a line break at which no long blank run is cut. */
function endOfLine(text: string, from: number, to: number): number | null {
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) {
    if (!isInBlankRun(text, at + 1)) return at + 1;
  }
  return null;
}

/** A place in a line that cuts neither a character nor a long blank run. */
function cutInLine(text: string, from: number): number {
  const at = isInBlankRun(text, from) ? endOfBlanks(text, from) : from;
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at;
}

function isInBlankRun(text: string, at: number): boolean {
  const around = text.slice(Math.max(0, at - BLANKS_COUNTED), at + BLANKS_COUNTED);
  const middle = at - Math.max(0, at - BLANKS_COUNTED);
  const before = around.slice(0, middle).match(/\s*$/)?.[0].length ?? 0;
  const after = around.slice(middle).match(/^\s*/)?.[0].length ?? 0;
  return before > 0 && after > 0 && before + after >= BLANKS_COUNTED;
}

function endOfBlanks(text: string, from: number): number {
  const solid = /\S/g;
  solid.lastIndex = from;
  return solid.exec(text)?.index ?? text.length;
}
