// Server-only. countersign.yaml as text → a typed value, or every fault with its line.
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { err, ok, type Result } from '#lib/core/result.ts';
import { type ConfigFile, configFileSchema } from './config-file.ts';

/** A fault in the file: where it is, what kind, and a sentence. `path` is empty for faults of the YAML itself. */
export type ConfigFault = {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly code: string;
  readonly message: string;
};

/** The parsed file, and where in its text a path stands. */
export type ReadConfig = { readonly file: ConfigFile; readonly placeOf: PlaceOf };
export type Path = readonly (string | number)[];
export type PlaceOf = (path: Path) => { readonly line: number; readonly column: number };

const MAX_CHARACTERS = 1024 * 1024;

/**
 * Reads a configuration file as YAML 1.2 core: keys twice, anchors, aliases and custom tags are faults, because a person
 * who reviews the file must see what it says. Then the contract; every fault names its line.
 */
export function readConfig(text: string): Result<ReadConfig, readonly ConfigFault[]> {
  if (text.length > MAX_CHARACTERS) {
    return err([{ line: 1, column: 1, path: '', code: 'too-large', message: 'The file is larger than 1 MiB.' }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    strict: true,
    stringKeys: true,
    merge: false,
    prettyErrors: false,
    version: '1.2',
    schema: 'core',
  });
  const placeAt = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    return err(broken.map((e) => ({ ...placeAt(e.pos[0]), path: '', code: 'yaml-syntax', message: e.message })));
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    return err([{ line: 1, column: 1, path: '', code: 'yaml-syntax', message: 'Aliases are not allowed.' }]);
  }
  const placeOf: PlaceOf = (path) => {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range != null) return placeAt(node.range[0]);
    }
    return { line: 1, column: 1 };
  };
  const parsed = configFileSchema.safeParse(value);
  if (parsed.success) return ok({ file: parsed.data, placeOf });
  return err(parsed.error.issues.flatMap((issue) => faultsOf(issue, placeOf)));
}

function faultsOf(issue: z.core.$ZodIssue, placeOf: PlaceOf): ConfigFault[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      ...placeOf([...path, key]),
      path: showPath([...path, key]),
      code: 'unknown-key',
      message: `${key} is not a member here.`,
    }));
  }
  return [{ ...placeOf(path), path: showPath(path), code: 'invalid-value', message: issue.message }];
}

/** `servers[0].tools.exec` */
export function showPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}
