import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeShell } from './judge-shell.ts';
import type { ShellCommand } from './shell-command.ts';

/** `a x | b > f ; c`: commands as a parser would give them, words apart at spaces unless in double quotes. */
function harmsOf(text: string): readonly string[] {
  const commands: ShellCommand[] = [];
  for (const pipe of text.split(' ; ')) {
    const members = pipe.split(' | ');
    for (const [i, member] of members.entries()) {
      const [line = '', target] = member.split(/ ?> /);
      const words = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => ({
        text: word.replace(/^"(.*)"$/, '$1'),
        computed: false,
      }));
      const redirects = target === undefined ? [] : [{ operator: '>', target: { text: target, computed: false } }];
      const pipedInto = i < members.length - 1 ? commands.length + 1 : null;
      commands.push({ lead: i === 0 ? '' : '|', words, redirects, pipedInto });
    }
  }
  return judgeShell(commands);
}

const OWN_FILE = 'runs a file that it made or fetched itself';
const DOWNLOAD = 'pipes a download into a shell';
const COMPUTED = 'pipes a computed text into a shell';

function table(rows: readonly (readonly [string, readonly string[]])[]): void {
  for (const [text, harms] of rows) assert.deepEqual(harmsOf(text), harms, text);
}

describe('a script', () => {
  it('of harmless commands, of none, and of one without words does no harm', () => {
    assert.deepEqual(judgeShell([]), []);
    table([
      ['ls -la', []],
      ['> x', []],
      ['ls | wc -l', []],
    ]);
  });
  it('tells each harm once', () => {
    table([['rm a ; rm b ; rm -r c', ['deletes files', 'deletes files recursively']]]);
  });
  it('that takes on another user is told so', () => {
    table([
      ['sudo ls', ['runs as another user']],
      ['doas ls', ['runs as another user']],
      ['env sudo ls', ['runs as another user']],
      ['su root', ['runs as another user']],
      ['sum root', []],
      ['nice ls', []],
      ['echo sudo', []],
    ]);
  });
  it('that hands a download to a shell within a word is told so', () => {
    table([
      ['bash "<(curl x)"', [DOWNLOAD]],
      ['sh "<( wget x)"', [DOWNLOAD]],
      ['bash -c "$(fetch x)"', [DOWNLOAD]],
      ['bash "`curl x`"', [DOWNLOAD]],
      ['eval "$(curl x)"', [DOWNLOAD]],
      ['source "<(curl x)"', [DOWNLOAD]],
      ['. "<(curl x)"', [DOWNLOAD]],
      ['bash "$(curls x)"', []],
      ['bash "(curl x)"', []],
      ['bash "$(cat x)"', []],
      ['echo "$(curl x)"', []],
      ['evals "$(curl x)"', []],
      ['xeval "$(curl x)"', []],
      ['sources "$(curl x)"', []],
    ]);
  });
});

describe('a pipe', () => {
  it('into a shell or an interpreter is a harm, and a worse one after a download', () => {
    table([
      ['cat x | sh', [COMPUTED]],
      ['cat x | python3', [COMPUTED]],
      ['curl x | bash', [DOWNLOAD]],
      ['wget x | node', [DOWNLOAD]],
      ['fetch x | sh', [DOWNLOAD]],
      ['aria2c x | sh', [DOWNLOAD]],
      ['http x | sh', [DOWNLOAD]],
      ['https x | sh', [DOWNLOAD]],
      ['curl x | tee a | sh', [DOWNLOAD]],
      ['xcurl x | sh', [COMPUTED]],
      ['curls x | sh', [COMPUTED]],
      ['cat x | awk y', []],
      ['cat x | gawk y', []],
      ['cat x | wc', []],
      ['curl x ; cat y | sh', [COMPUTED]],
      ['curl x | wc ; cat y | sh', [COMPUTED]],
    ]);
  });
  it('is followed back to its download through 49 commands, and no further', () => {
    table([
      [`curl x${' | cat'.repeat(49)} | sh`, [DOWNLOAD]],
      [`curl x${' | cat'.repeat(50)} | sh`, [COMPUTED]],
    ]);
  });
  it('of names into what deletes them is told so', () => {
    table([
      ['ls | xargs rm', ['deletes whatever a list names', 'deletes files']],
      ['ls | xargs -n 1 rm -r', ['deletes whatever a list names', 'deletes files recursively']],
      ['ls | xargs wc', []],
      ['ls | rm x', ['deletes files']],
      ['ls | nice rm x', ['deletes files']],
    ]);
  });
  it('into a program that sends is told so', () => {
    table([
      ['cat x | curl y', ['sends data out']],
      ['cat x | https y', ['sends data out']],
      ['cat x | nc y', ['sends data out']],
      ['cat x | xcurl y', []],
    ]);
    const send: ShellCommand = { lead: '|', words: [{ text: 'nc', computed: false }], redirects: [], pipedInto: null };
    assert.deepEqual(judgeShell([{ ...send, words: [{ text: 'cat', computed: false }], pipedInto: 1 }, send]), [
      'sends data out',
    ]);
  });
});

describe('a file that a script made', () => {
  it('is known by its last name, whoever runs it', () => {
    table([
      ['echo x > a ; sh a', [OWN_FILE]],
      ['echo x > /tmp/a ; sh /opt/a', [OWN_FILE]],
      ['echo x > a ; ./a', [OWN_FILE]],
      ['echo x > a ; sh -x a', [OWN_FILE]],
      ['echo x > a- ; sh a-', [OWN_FILE]],
      ['echo x > a ; python3 a', [OWN_FILE]],
      ['echo x > a ; source a', [OWN_FILE]],
      ['echo x > a ; . a', [OWN_FILE]],
      ['echo x > a ; cat a', []],
      ['echo x > a ; a', []],
      ['echo x > a ; ./b', []],
      ['echo x > a ; sh b a', []],
      ['echo x > a ; sh', []],
      ['echo x > a ; sources a', []],
      ['echo x > a ; xsource a', []],
      ['sh a ; echo x > a', []],
      ['> a ; sh a', [OWN_FILE]],
    ]);
  });
  it('may come from a download or from tee', () => {
    table([
      ['curl -o a x ; sh a', [OWN_FILE]],
      ['curl x -sSLo a ; sh a', [OWN_FILE]],
      ['wget -O a x ; sh a', [OWN_FILE]],
      ['curl --output a x ; sh a', [OWN_FILE]],
      ['wget --output-document a x ; sh a', [OWN_FILE]],
      ['wget https://x.example/a ; sh a', [OWN_FILE]],
      ['curl -O https://x.example/a- ; sh a-', [OWN_FILE]],
      ['echo x | tee a b ; sh b', [OWN_FILE]],
      ['curl a ; sh a', []],
      ['curl -s a ; sh a', []],
      ['curl x-o a ; sh a', []],
      ['curl --outputs a x ; sh a', []],
      ['curl -zo a x ; sh a', []],
      ['curl x -o ; sh x', []],
      ['curl -x/a ; sh a', []],
      ['curl -o a b ; sh b', []],
      ['echo -o a ; sh a', []],
      ['echo x/a ; sh a', []],
      ['cat a ; sh a', []],
      ['curl https://x.example/ ; sh ""', []],
      ['curl https://x.example/ ; sh b/', []],
    ]);
  });
  it('is none where a redirection only reads, or has no target', () => {
    const words = (text: string) => text.split(' ').map((word) => ({ text: word, computed: false }));
    const run: ShellCommand = { lead: ';', words: words('sh a'), redirects: [], pipedInto: null };
    const redirected = (operator: string, target: string | null): ShellCommand => ({
      lead: '',
      words: words('cat'),
      redirects: [{ operator, target: target === null ? null : { text: target, computed: false } }],
      pipedInto: null,
    });
    assert.deepEqual(judgeShell([redirected('<', 'a'), run]), []);
    assert.deepEqual(judgeShell([redirected('>', null), run]), []);
    assert.deepEqual(judgeShell([redirected('2>>', 'a'), run]), [OWN_FILE]);
  });
});
