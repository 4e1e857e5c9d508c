// One block of Codex's TOML, between two marks: the rest of the file is not parsed and not touched.
import { err, ok, type Result } from '#lib/core/result.ts';

const BEGIN = '# countersign begin';
const END = '# countersign end';

/** The text with our block replaced, or added at its end. Refuses a table of ours that stands outside the block. */
export function withBlock(text: string, tables: readonly string[], names: readonly string[]): Result<string, string> {
  const rest = withoutBlock(text);
  for (const name of names) {
    const isTaken = new RegExp(`^\\s*\\[\\s*mcp_servers\\s*\\.\\s*["']?${name}["']?\\s*[\\].]`, 'm').test(rest);
    if (isTaken) return err(name);
  }
  const base = rest === '' || rest.endsWith('\n') ? rest : `${rest}\n`;
  return ok(`${base}${base === '' ? '' : '\n'}${BEGIN}\n${tables.join('\n\n')}\n${END}\n`);
}

/** The text without our block. */
export function withoutBlock(text: string): string {
  return text.replace(new RegExp(`\\n?^${BEGIN}$[\\s\\S]*?^${END}$\\n?`, 'm'), '');
}
