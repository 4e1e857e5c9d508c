import type { ActionClass } from '../risk/types.ts';
import { readEncoded } from './encoded.ts';
import type { FieldKind } from './shape.ts';

const SHELL_KEYS =
  /^(command|commands|cmd|cmdline|command_?line|shell|shell_?command|bash|sh|exec|run|script|entrypoint)$/i;
const SHELL_ONLY_IN_SHELL = /^(args|arguments|argv|input|text|value)$/i;
const SQL_KEYS = /^(sql|sql_?query|sql_?text|statement|statements|ddl|dml)$/i;
const SQL_IF_DATABASE = /^(query|queries|q|command|text|input|script)$/i;
const CODE_KEYS =
  /^(code|source|source_?code|program|snippet|python|javascript|typescript|js|ruby|perl|php|lua|wasm|lambda|function_?body|notebook|cell|expression|eval)$/i;
const CODE_START =
  /^\s*(#!.*\b(python[\d.]*|node|perl|ruby|php|lua)\b|import\s+[\w{*]|from\s+[\w.]+\s+import\s|def\s+\w+\s*\(|async\s+def\s|function\s+\w*\s*\(|(const|let|var)\s+[\w{[][^=]*=|package\s+main\b|<\?php|#include\s*[<"])/;
const SHELL_START =
  /^\s*(#!.*\b(sh|bash|zsh|dash)\b|(sudo\s+)?(\/(usr\/)?(local\/)?s?bin\/)?(rm|curl|wget|chmod|chown|dd|mkfs\S*|kubectl|terraform|docker|ssh|scp|bash|sh|eval|nc|ncat|python[\d.]*|node|perl|ruby|php|find|crontab|systemctl|git)\s+(-{1,2}\w|https?:|\/|"|'|\$))/;
const SQL_START =
  /^[\s;(]*((--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)[\s;(]*)*(explain\s+(analy[sz]e\s+)?)?(select\b[\s\S]{1,2000}\bfrom\b|insert\s+into\b|update\s+[\w."`[\]]+\s+set\b|delete\s+from\b|drop\s+(table|database|schema|view|index|role|user)\b|truncate\s+(table\s+)?[\w."`]+\s*(;|$|cascade)|alter\s+(table|role|user|database)\b|create\s+(table|user|role|database|index|(or\s+replace\s+)?(view|function))\b|grant\s+[\w\s,]+\s+(on|to)\b|with\s+[\w"]+\s+as\s*\()/i;
const DATABASE_CLASSES: ReadonlySet<ActionClass> = new Set(['db-read', 'db-mutation']);

/**
 * What a text is: by its name where the name says so, else by how it begins. Null = ordinary data.
 *
 * The name is the server author's word and the value the agent's: either may lie. So a harmless name does not keep a text
 * from being read as a command that it begins like, and nothing here ever makes a call milder.
 */
export function fieldKind(key: string, text: string, actionClass: ActionClass): FieldKind | null {
  if (text.trim() === '') return null;
  const isDatabase = DATABASE_CLASSES.has(actionClass);
  const encoded = readEncoded(text);
  if (encoded !== null) return encoded.kind === 'encrypted' ? 'encrypted' : 'base64';
  if (SQL_KEYS.test(key) || (isDatabase && SQL_IF_DATABASE.test(key))) return 'sql';
  if (CODE_START.test(text)) return 'code';
  if (SQL_START.test(text)) return 'sql';
  if (SHELL_KEYS.test(key) || (actionClass === 'shell' && SHELL_ONLY_IN_SHELL.test(key))) return 'shell';
  if (CODE_KEYS.test(key) || (actionClass === 'code-exec' && /^(input|text|script|content)$/i.test(key))) return 'code';
  return SHELL_START.test(text) ? 'shell' : null;
}

/** Names of a list whose every member is a command: read as one, the first would hide what the others do. */
const SEVERAL = /^(commands|script)$/i;

/** Whether a list of texts under this name is a program with its arguments, each word as it is. */
export function isWordList(key: string, actionClass: ActionClass): boolean {
  if (SEVERAL.test(key)) return false;
  return SHELL_KEYS.test(key) || /^argv$/i.test(key) || (actionClass === 'shell' && SHELL_ONLY_IN_SHELL.test(key));
}
