import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeSql, type SqlStatement, sqlStep } from './judge-sql.ts';

const statement = (kind: string, more: Partial<SqlStatement> = {}): SqlStatement => ({
  kind,
  tables: [],
  where: 'none',
  functions: [],
  into: false,
  ...more,
});
const harms = (kind: string, more: Partial<SqlStatement> = {}) => judgeSql(statement(kind, more));

describe('a SQL statement', () => {
  for (const [kind, where, harm] of [
    ['DELETE', 'none', 'deletes every row: no WHERE'],
    ['DELETE', 'always', 'deletes every row: its WHERE is always true'],
    ['DELETE', 'limited', 'deletes rows'],
    ['UPDATE', 'none', 'changes every row: no WHERE'],
    ['UPDATE', 'always', 'changes every row: its WHERE is always true'],
    ['UPDATE', 'limited', 'changes rows'],
  ] as const) {
    it(`that ${harm} is told so`, () => assert.deepEqual(harms(kind, { where }), [harm]));
  }
  for (const [kind, harm] of [
    ['DROP TABLE', 'drops a table for good'],
    ['DROP DATABASE', 'drops a database for good'],
    ['DROP VIEW', 'drops a view for good'],
    ['DROP INDEX', 'drops an index for good'],
    ['DROP USER', 'drops a user for good'],
    ['DROP EVENT', 'drops an event for good'],
    ['DROP AGGREGATE', 'drops an aggregate for good'],
    ['TRUNCATE', 'empties a table'],
    ['ALTER TABLE', 'changes how data is stored'],
    ['GRANT', 'changes who may do what in the database'],
    ['REVOKE', 'changes who may do what in the database'],
    ['CREATE USER', 'creates a user'],
    ['CREATE ROLE', 'creates a role'],
    ['CREATE EXTENSION', 'creates an extension'],
    ['CREATE FUNCTION', 'creates a function'],
    ['CREATE TRIGGER', 'creates a trigger'],
    ['CREATE PROCEDURE', 'creates a procedure'],
    ['CALL', 'runs a procedure whose text is not here'],
    ['EXECUTE', 'runs a procedure whose text is not here'],
    ['EXEC', 'runs a procedure whose text is not here'],
    ['REPLACE', 'replaces rows that are there'],
    ['LOAD_DATA', 'reads a file into a table'],
  ] as const) {
    it(`${kind} is called: ${harm}`, () => assert.deepEqual(harms(kind), [harm]));
  }
  for (const kind of [
    'SELECT',
    'INSERT',
    'CREATE TABLE',
    'CREATE USERS',
    'X CREATE USER',
    'DELETED',
    'ALTERED',
    'SET',
    '',
  ]) {
    it(`that is none of these does no harm: ${kind}`, () => assert.deepEqual(harms(kind), []));
  }
  it('that writes its result somewhere is told so', () => {
    assert.deepEqual(harms('SELECT', { into: true }), ['writes its result to a file or a new table']);
  });
  for (const name of [
    ...['pg_read_file', 'pg_read_binary_file', 'pg_ls_dir', 'pg_write_file', 'lo_import', 'lo_export', 'dblink'],
    ...[
      'dblink_exec',
      'load_file',
      'LOAD_FILE',
      'xp_cmdshell',
      'sp_oacreate',
      'sys_exec',
      'sys_eval',
      'load_extension',
    ],
    ...[
      'readfile',
      'writefile',
      'utl_http',
      'openrowset',
      'pg_terminate_backend',
      'pg_cancel_backend',
      'pg_reload_conf',
    ],
  ]) {
    it(`that calls ${name} reaches out, whatever schema it stands in`, () => {
      assert.deepEqual(harms('SELECT', { functions: ['max', name] }), [
        `calls ${name}, which reaches out of the database`,
      ]);
      assert.deepEqual(harms('SELECT', { functions: [`a.b.${name}`] }), [
        `calls ${name}, which reaches out of the database`,
      ]);
    });
  }
  for (const name of [
    ...['query_to_xml', 'query_to_xml_and_xmlschema', 'cursor_to_xml', 'cursor_to_xmlschema'],
    ...['database_to_xml', 'database_to_xmlschema', 'ts_stat', 'TS_STAT', 'crosstab', 'crosstab3'],
  ]) {
    it(`that calls ${name} runs a text`, () => {
      assert.deepEqual(harms('SELECT', { functions: [`x.${name}`] }), [`calls ${name}, which runs a text as SQL`]);
    });
  }
  for (const name of [
    ...[
      'xpg_ls_dir',
      'pg_ls_dirs',
      'pg_read__file',
      'lo_importer',
      'xdblink',
      'xp_',
      'xp-cmd',
      'dblink-x',
      'pg_ls_dir.x',
    ],
    ...['xts_stat', 'ts_stats', 'crosstab-x', 'query_to_xml-x', 'cursor_to_xml-', 'database_to_xml-', 'count', ''],
  ]) {
    it(`that calls another function does no harm: ${name}`, () => {
      assert.deepEqual(harms('SELECT', { functions: [name] }), []);
    });
  }
  it('names a long function by its beginning', () => {
    assert.deepEqual(harms('SELECT', { functions: [`xp_${'y'.repeat(99)}`, `crosstab${'y'.repeat(99)}`] }), [
      `calls xp_${'y'.repeat(37)}, which reaches out of the database`,
      `calls crosstab${'y'.repeat(32)}, which runs a text as SQL`,
    ]);
  });
  it('does all its harms at once', () => {
    assert.deepEqual(harms('UPDATE', { where: 'limited', into: true, functions: ['lo_export'] }), [
      'changes rows',
      'writes its result to a file or a new table',
      'calls lo_export, which reaches out of the database',
    ]);
  });
});

describe('the step of a SQL statement', () => {
  for (const [kind, where, note] of [
    ['DELETE', 'none', 'no WHERE'],
    ['DELETE', 'always', 'WHERE is always true'],
    ['DELETE', 'limited', null],
    ['UPDATE', 'none', 'no WHERE'],
    ['UPDATE', 'always', 'WHERE is always true'],
    ['UPDATE', 'limited', null],
    ['SELECT', 'none', null],
    ['SELECT', 'always', null],
    ['NO DELETE', 'none', null],
  ] as const) {
    it(`of ${kind} whose condition is ${where} notes ${note ?? 'nothing'}`, () => {
      assert.deepEqual(sqlStep(statement(kind, { where, tables: ['a', 'b.c'] })), {
        lead: '',
        words: [
          { text: kind, computed: false },
          { text: 'a', computed: false },
          { text: 'b.c', computed: false },
        ],
        note,
      });
    });
  }
});
