import type { Step } from './shape.ts';

/** One statement of a script, as a parser gave it. */
export type SqlStatement = {
  /** `SELECT`, `DELETE`, `DROP TABLE`. */
  readonly kind: string;
  /** Tables it touches, as written. */
  readonly tables: readonly string[];
  /** Whether a condition limits it: none, one that is always true, or one that may be false. */
  readonly where: 'none' | 'always' | 'limited';
  readonly functions: readonly string[];
  /** Writes its result somewhere: a file, a new table. */
  readonly into: boolean;
};

const REACHING =
  /^(pg_read_(binary_)?file|pg_ls_dir|pg_write_file|lo_(import|export)|dblink\w*|load_file|xp_\w+|sp_oacreate|sys_exec|sys_eval|load_extension|readfile|writefile|utl_http|openrowset|pg_terminate_backend|pg_cancel_backend|pg_reload_conf)$/i;

/** They take a text and run it as SQL. */
const RUNNING = /^(query_to_xml\w*|cursor_to_xml\w*|database_to_xml\w*|ts_stat|crosstab\w*)$/i;

/** The harms of one statement, in our words. */
export function judgeSql(statement: SqlStatement): readonly string[] {
  const { kind, where } = statement;
  const harms: string[] = [];
  const verb = kind.split(' ')[0] ?? kind;
  if (verb === 'DELETE' || verb === 'UPDATE') {
    const what = verb === 'DELETE' ? 'deletes' : 'changes';
    if (where === 'none') harms.push(`${what} every row: no WHERE`);
    else if (where === 'always') harms.push(`${what} every row: its WHERE is always true`);
    else harms.push(`${what} rows`);
  }
  if (verb === 'DROP') harms.push(`drops ${oneOf(kind.slice(5))} for good`);
  if (verb === 'TRUNCATE') harms.push('empties a table');
  if (verb === 'ALTER') harms.push('changes how data is stored');
  if (verb === 'GRANT' || verb === 'REVOKE') harms.push('changes who may do what in the database');
  if (/^CREATE (USER|ROLE|EXTENSION|FUNCTION|TRIGGER|PROCEDURE)$/.test(kind)) {
    harms.push(`creates ${oneOf(kind.slice(7))}`);
  }
  if (verb === 'CALL' || verb === 'EXECUTE' || verb === 'EXEC') harms.push('runs a procedure whose text is not here');
  if (verb === 'REPLACE') harms.push('replaces rows that are there');
  if (verb === 'LOAD_DATA') harms.push('reads a file into a table');
  if (statement.into) harms.push('writes its result to a file or a new table');
  for (const name of statement.functions) {
    const bare = name.slice(name.lastIndexOf('.') + 1);
    if (REACHING.test(bare)) harms.push(`calls ${bare.slice(0, 40)}, which reaches out of the database`);
    if (RUNNING.test(bare)) harms.push(`calls ${bare.slice(0, 40)}, which runs a text as SQL`);
  }
  return harms;
}

/** `INDEX` as "an index". */
function oneOf(what: string): string {
  return `${/^[AEI]/.test(what) ? 'an' : 'a'} ${what.toLowerCase()}`;
}

/** A statement as a step of a preview. */
export function sqlStep(statement: SqlStatement): Step {
  const words = [statement.kind, ...statement.tables].map((text) => ({ text, computed: false }));
  return { lead: '', words, note: noteOf(statement) };
}

function noteOf({ kind, where }: SqlStatement): string | null {
  if (!/^(DELETE|UPDATE)/.test(kind) || where === 'limited') return null;
  return where === 'none' ? 'no WHERE' : 'WHERE is always true';
}
