/** What a host name's letters look like. `suspicious` hosts get a warning beside them; they are never rewritten. */
export type HostScripts = {
  readonly suspicious: boolean;
  readonly scripts: readonly string[];
  readonly reason: string | null;
};

const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Armenian', /\p{Script=Armenian}/u],
  ['Georgian', /\p{Script=Georgian}/u],
  ['Hebrew', /\p{Script=Hebrew}/u],
  ['Arabic', /\p{Script=Arabic}/u],
  ['Devanagari', /\p{Script=Devanagari}/u],
  ['Thai', /\p{Script=Thai}/u],
  ['Cherokee', /\p{Script=Cherokee}/u],
  ['Han', /\p{Script=Han}/u],
  ['Hiragana', /\p{Script=Hiragana}/u],
  ['Katakana', /\p{Script=Katakana}/u],
  ['Hangul', /\p{Script=Hangul}/u],
];
const EAST_ASIAN = new Set(['Han', 'Hiragana', 'Katakana', 'Hangul']);
const LOOKS_LATIN = new Set(['Cyrillic', 'Greek', 'Armenian', 'Cherokee']);

/**
 * Says which scripts a host is written in and whether it may be meant to look like another one: two scripts in one label,
 * letters of a script that looks Latin, compatibility forms of ASCII, or a punycode label, which hides all of these.
 */
export function mixedScript(host: string): HostScripts {
  const scripts = scriptsOf(host);
  const labels = host.toLowerCase().split('.');
  const reason = labels.map(judgeLabel).find((why) => why !== null) ?? null;
  return { suspicious: reason !== null, scripts, reason };
}

function judgeLabel(label: string): string | null {
  if (label.startsWith('xn--')) return 'A label is punycode: its letters are not the ones you see.';
  if (/^[\x21-\x7e]*$/.test(label)) return null;
  if (/[a-z0-9-]/.test(label.normalize('NFKC')) && label.normalize('NFKC') !== label) {
    return 'A label uses compatibility forms of plain letters.';
  }
  const scripts = scriptsOf(label);
  const foreign = scripts.filter((script) => !EAST_ASIAN.has(script));
  if (foreign.length > 1) return `A label mixes ${foreign.join(' and ')} letters.`;
  const lookalike = scripts.find((script) => LOOKS_LATIN.has(script));
  return lookalike === undefined ? null : `A label is written in ${lookalike} letters that can look Latin.`;
}

function scriptsOf(text: string): readonly string[] {
  return SCRIPTS.filter(([, pattern]) => pattern.test(text)).map(([script]) => script);
}
