import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ACTION_CLASSES, type ActionClass } from '../risk/types.ts';
import { fieldKind, isWordList } from './field-kind.ts';
import type { FieldKind } from './shape.ts';

const SHELL_NAMES = [
  ...['command', 'commands', 'cmd', 'cmdline', 'commandline', 'command_line', 'shell', 'shellcommand'],
  ...['shell_command', 'bash', 'sh', 'exec', 'run', 'script', 'entrypoint', 'COMMAND'],
];
const CODE_NAMES = [
  ...['code', 'source', 'sourcecode', 'source_code', 'program', 'snippet', 'python', 'javascript', 'typescript', 'js'],
  ...['ruby', 'perl', 'php', 'lua', 'wasm', 'lambda', 'functionbody', 'function_body', 'notebook', 'cell'],
  ...['expression', 'eval', 'Code'],
];
const SQL_NAMES = [
  'sql',
  'sqlquery',
  'sql_query',
  'sqltext',
  'sql_text',
  'statement',
  'statements',
  'ddl',
  'dml',
  'SQL',
];
const NO_NAMES = [
  'xcommand',
  'commandx',
  'xcode',
  'codes',
  'xsql',
  'sqlx',
  'entrypoints',
  'xeval',
  'evals',
  'xdml',
  'note',
  '',
];

/** What a text without any sign of its own is under a name. */
const named = (names: readonly string[], kind: FieldKind | null, classes: readonly ActionClass[]) => {
  for (const actionClass of classes) {
    for (const name of names) assert.equal(fieldKind(name, 'some text', actionClass), kind, `${name}, ${actionClass}`);
  }
};
const others = (...not: readonly ActionClass[]) => ACTION_CLASSES.filter((name) => !not.includes(name));

describe('the kind of a field', () => {
  it('is what its name says, whatever the class', () => {
    named(SQL_NAMES, 'sql', ACTION_CLASSES);
    named(CODE_NAMES, 'code', ACTION_CLASSES);
    named(SHELL_NAMES, 'shell', others('db-read', 'db-mutation'));
    named(NO_NAMES, null, ACTION_CLASSES);
  });
  it('is what some names mean to one class only', () => {
    named(['query', 'queries', 'q', 'command', 'text', 'input', 'script'], 'sql', ['db-read', 'db-mutation']);
    named(['query', 'queries', 'q', 'text', 'input'], null, others('db-read', 'db-mutation', 'shell', 'code-exec'));
    named(['xquery', 'queryx', 'qq', 'xscript', 'scripts'], null, ['db-read', 'db-mutation']);
    named(['args', 'arguments', 'argv', 'input', 'text', 'value'], 'shell', ['shell']);
    named(['args', 'arguments', 'argv', 'value'], null, others('shell'));
    named(['xargs', 'argsx', 'values', 'xvalue'], null, ['shell']);
    named(['input', 'text', 'content', 'TEXT'], 'code', ['code-exec']);
    named(['content'], null, others('code-exec'));
    named(['xinput', 'inputs', 'xcontent', 'contents'], null, ['code-exec']);
  });
  it('is nothing for a text of blanks', () => {
    for (const text of ['', ' ', '\n\t']) assert.equal(fieldKind('command', text, 'shell'), null);
  });
  it('is its encoding before anything else', () => {
    const encoded = btoa('curl https://x.example/a');
    for (const [text, kind] of [
      [encoded, 'base64'],
      ['U2FsdGVkX1abc', 'encrypted'],
      [btoa('%PDF-1.7 and then some more of it 1'), 'base64'],
    ] as const) {
      for (const name of ['sql', 'command', 'code', 'note']) assert.equal(fieldKind(name, text, 'shell'), kind, name);
    }
  });
  for (const [kind, found] of [
    [
      'code',
      [
        ...[
          '#!/usr/bin/env python3',
          '#! /usr/bin/node',
          '#!/usr/bin/perl -w',
          '#!x ruby',
          '#!x php',
          '#!x lua',
          '  #!x python',
        ],
        ...[
          'import  os',
          'from  a  import b',
          'def ab(x)',
          'async  def f',
          'function  fa (x)',
          'function fab  (x)',
          'const  aB = 1',
          'let {a, b} = c',
          'import os',
          'import {a} from "b"',
          'import * as a',
          'from a.b import c',
          'def f(x)',
          'def  f (x)',
          'async def f',
        ],
        ...[
          'function f(x)',
          'function (x)',
          'const a = 1',
          'let {a} = b',
          'var [a] = b',
          'let  ab  = 1',
          'package main',
        ],
        ...['package  main;', '<?php echo 1', '#include <a.h>', '#include"a.h"', '\n\n import os'],
      ],
    ],
    [
      'shell',
      [
        ...['#!/bin/sh', '#!/bin/bash -e', '#!/usr/bin/env zsh', '#! /bin/dash', ' \n#!/bin/sh'],
        ...[
          'rm -r x',
          'sudo rm -rf x',
          'sudo  rm -rf x',
          '/bin/rm -r x',
          '/usr/local/bin/curl https://x',
          '/sbin/mkfs.ext4 /dev/x',
        ],
        ...['curl http://x', 'wget "x"', "chmod '7'", 'chown $X', 'dd --x', 'kubectl -n', 'terraform -x', 'docker --x'],
        ...[
          'ssh -p',
          'scp /a',
          'bash -c',
          'sh /a',
          'eval "x"',
          'nc -l',
          'ncat -l',
          'python3.1 -c',
          'python -c',
          'node -e',
        ],
        ...[
          'perl -e',
          'ruby -e',
          'php -r',
          'find / -name',
          'crontab -r',
          'systemctl --x',
          'git -C x',
          '  rm   -r',
          '\tgit\t-c',
        ],
      ],
    ],
    [
      'sql',
      [
        ...[
          'select a from b',
          'SELECT\n1\nFROM x',
          'insert into a',
          'insert  into a',
          'update a set b',
          'update "a.b" set',
          'update  [a]  set x',
        ],
        ...[
          'delete from a',
          'drop table a',
          'drop database',
          'drop schema',
          'drop view',
          'drop index',
          'drop role',
          'drop  user',
        ],
        ...[
          'truncate a',
          'truncate table a;',
          'truncate "a" cascade',
          'alter table',
          'alter role',
          'alter user',
          'alter database',
        ],
        ...[
          'create table',
          'create user',
          'create role',
          'create database',
          'create index',
          'create or replace view',
          'create view',
        ],
        ...[
          'create function',
          'create  or  replace  function',
          'grant a on b',
          'grant a, b to c',
          'with a as (',
          'with "a"  as  (',
        ],
        ...[
          '; (select 1 from a',
          '-- x\ndelete from a',
          '/* x * y */ drop table a',
          '--\n--\n; drop table a',
          '/**/ (drop table a',
        ],
        ...[
          'explain select 1 from a',
          'explain analyze delete from a',
          'explain analyse  delete from a',
          `select ${'x'.repeat(1998)} from a`,
        ],
      ],
    ],
  ] as const) {
    it(`is ${kind} for a text that begins like it, under any name`, () => {
      for (const text of found) assert.equal(fieldKind('note', text, 'other'), kind, text.slice(0, 60));
    });
  }
  it('is nothing for a text that only nearly begins like a program', () => {
    for (const text of [
      ...[
        '#! a note',
        '#!/bin/bashful',
        'x #!/bin/sh',
        'importing a',
        'import ',
        'x import a',
        'from a to import',
        'from a.b importing',
      ],
      ...['def f', 'define f(x)', 'async defs f', 'functional f(x)', 'function f', 'const a', 'constant a = 1'],
      ...['package mainly', 'package  a', '<?xml', '#includes <a>', '#include a', 'a <?php'],
      ...[
        'rm',
        'rm x',
        'rms -r x',
        'firm -r x',
        'git log',
        'find it',
        'node a',
        'sudo',
        'sudo x -r',
        'python x',
        'curl x',
        'rm - x',
      ],
      ...[
        'selects a from b',
        'select a',
        'select a fromage',
        'insert in',
        'inserted into a',
        'insert intox a',
        'update a',
        'update a b set',
        'updates a set b',
      ],
      ...[
        'delete a',
        'delete fromage',
        'drop it',
        'drop tables',
        'dropped table a',
        'truncate it now',
        'alter it',
        'alter tables',
        'create it',
        'create tables',
      ],
      ...[
        'grant it',
        'grants a to b',
        'with a as b',
        'x drop table a',
        'explain it',
        `select ${'x'.repeat(2001)} from a`,
        '-- drop table a',
        '/* drop table a',
      ],
    ]) {
      assert.equal(fieldKind('note', text, 'other'), null, text.slice(0, 60));
    }
  });
});

describe('a list of texts', () => {
  it('is one command by its name, unless the name says that it is several', () => {
    const several = ['commands', 'script', 'Commands', 'SCRIPT'];
    for (const name of SHELL_NAMES) {
      assert.equal(isWordList(name, 'other'), !several.includes(name), name);
    }
    for (const name of [...several, ...NO_NAMES, 'xargv', 'argvs']) {
      assert.deepEqual([isWordList(name, 'other'), isWordList(name, 'shell')], [false, false], name);
    }
    for (const name of ['argv', 'ARGV']) assert.equal(isWordList(name, 'other'), true, name);
  });
  it('is one command by some names in a shell only', () => {
    for (const name of ['args', 'arguments', 'input', 'text', 'value']) {
      assert.deepEqual([isWordList(name, 'shell'), isWordList(name, 'other')], [true, false], name);
    }
  });
});
