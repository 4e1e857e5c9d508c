import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli } from './main.ts';
import { EXIT } from './outcome.ts';

async function run(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io = { out: (text: string) => out.push(text), err: (text: string) => err.push(text), colour: false };
  return { code: await runCli(argv, io), out: out.join('\n'), err: err.join('\n') };
}

test('wrong usage ends with code 2 and one JSON document when JSON was asked for, in whatever place', async () => {
  for (const argv of [
    ['nothing', '--json'],
    ['--json', 'kill', 'high-risk'],
    ['agents', '--json'],
    ['--json', 'status', '-x'],
  ]) {
    const { code, out, err } = await run(...argv);
    assert.equal(code, EXIT.usage, argv.join(' '));
    const document: unknown = JSON.parse(out);
    assert.partialDeepStrictEqual(document, { error: { code: 'usage' } });
    assert.equal(err, '');
  }
});

test('wrong usage is a sentence on standard error otherwise', async () => {
  const { code, out, err } = await run('kill', 'high-risk');
  assert.equal(code, EXIT.usage);
  assert.equal(out, '');
  assert.match(err, /required option '--reason <text>'/);
});
