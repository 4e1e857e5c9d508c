import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readConfig } from '#lib/server/apply/read-config.ts';
import { OPERATOR_VARIABLES } from '#lib/server/env.ts';
import { runCli } from './main.ts';

const page = (name: string) => readFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), 'utf8');

async function helpOf(...argv: string[]): Promise<string> {
  const out: string[] = [];
  const io = { out: (text: string) => out.push(text), err: (text: string) => out.push(text), colour: false };
  assert.equal(await runCli([...argv, '--help'], io), 0);
  return out.join('\n');
}

/** The commands that a help text lists. */
function commandsIn(help: string): string[] {
  const [, list = ''] = help.split('Commands:\n');
  return [...list.matchAll(/^ {2}([a-z]+)/gm)].flatMap(([, name]) =>
    name === undefined || name === 'help' ? [] : [name],
  );
}

test('the operator’s page and .env.example name every variable that an operator may set', () => {
  for (const name of OPERATOR_VARIABLES) {
    assert.ok(page('docs/operators.md').includes(`\`${name}\``), `${name} is missing in docs/operators.md`);
    assert.ok(page('.env.example').includes(`# ${name}=`), `${name} is missing in .env.example`);
  }
});

test('the operator’s page names every command', async () => {
  const text = page('docs/operators.md');
  const commands = commandsIn(await helpOf());
  assert.ok(commands.length >= 12);
  for (const name of commands.filter((one) => one !== 'start')) {
    assert.match(text, new RegExp(`\\b${name}\\b`), `${name} is missing`);
    for (const below of commandsIn(await helpOf(name))) {
      assert.match(text, new RegExp(`\\b${below}\\b`), `${name} ${below} is missing`);
    }
  }
});

test('every command that a page tells people to type exists', async () => {
  const top = commandsIn(await helpOf());
  for (const name of ['README.md', 'docs/operators.md', 'docs/users.md', 'docs/developers.md', 'docs/audit.md']) {
    for (const [, command = ''] of page(name).matchAll(/npx countersign ([a-z]+)/g)) {
      assert.ok(top.includes(command), `${name}: npx countersign ${command}`);
    }
  }
});

test('the example configuration is one', () => {
  const read = readConfig(page('countersign.example.yaml'));
  assert.ok(read.ok, read.ok ? '' : JSON.stringify(read.error[0]));
  const commented = page('countersign.example.yaml').replaceAll(/^# (agents:|credentials:| {2}- | {4})/gm, '$1');
  const whole = readConfig(commented);
  assert.ok(whole.ok, whole.ok ? '' : JSON.stringify(whole.error[0]));
});
