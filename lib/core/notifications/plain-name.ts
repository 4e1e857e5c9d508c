const MOST_CHARACTERS = 48;

/**
 * A name as it may stand in any message: what is not a letter, digit, hyphen or underscore of ASCII is written as `[U+…]`.
 *
 * Servers, tools and scopes are named by whoever registers or offers them. In mail, chat and notifications a name that is
 * passed on could hold markup, a link that readers make clickable by themselves, a line break that begins a header, or
 * characters that turn the text around. None of these is left, so no medium needs escaping of its own.
 */
export function plainName(name: string): string {
  const shown: string[] = [];
  for (const character of name) {
    if (shown.length >= MOST_CHARACTERS) return `${shown.join('')}...`;
    shown.push(/^[A-Za-z0-9_-]$/.test(character) ? character : marker(character));
  }
  return shown.length === 0 ? '[empty]' : shown.join('');
}

/** A scope of the kill switch, plain. A tool's name is its server's word: of such a scope only the server is said. */
export function plainScope(scope: string | null): string {
  if (scope === null) return 'a scope';
  const [kind = '', name = ''] = scope.split(/:(.*)/s);
  if (name === '') return plainName(kind);
  if (kind === 'tool') return `a tool of ${plainName(name.split('/')[0] ?? '')}`;
  return `${plainName(kind)} ${plainName(name)}`;
}

function marker(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
}
