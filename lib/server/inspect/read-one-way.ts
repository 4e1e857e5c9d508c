// Server-only. Whether every database finds the same strings and comments in a text.

/** What both find: strings, names in quotes, comments. Whatever is between them is code to both. */
const PIECE = /'[^']*'|"[^"]*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\//g;
/** Only one of them begins a string or a comment with these. */
const OTHERS = /#|\$\w*\$/;

/**
 * Why databases disagree on where strings and comments of a SQL text end; null = they do not. The grammars that read it
 * afterwards are milder than the databases: both of ours let a backslash keep a quote open, and PostgreSQL does not, so
 * that what looks like one string to them would be a DELETE behind a string there.
 */
export function readTwoWays(source: string): string | null {
  for (const [piece] of source.matchAll(PIECE)) {
    if (/^['"].*\\['"]$/s.test(piece)) return 'databases read a backslash before a quote differently';
    if (/^--[^\s]/.test(piece)) return 'databases read -- without a space differently';
    if (piece.indexOf('/*', 2) > 0 && piece.startsWith('/*'))
      return 'databases read a comment in a comment differently';
  }
  const code = source.replace(PIECE, ' ');
  if (/['"`]|\/\*/.test(code)) return 'it has a quote or a comment without an end';
  return OTHERS.test(code) ? 'it has strings or comments that only some databases know' : null;
}
