import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { baseName, INTERPRETERS, programOf, SHELLS } from './shell-command.ts';

/** Words apart at spaces; one that begins with a dollar is computed. */
const words = (text: string) =>
  text === '' ? [] : text.split(' ').map((word) => ({ text: word, computed: word.startsWith('$') }));

/** Each row: a command, its program, the words after it, and what was taken off before it. */
const ROWS: readonly (readonly [string, string, string, string])[] = [
  ['ls -l a', 'ls', '-l a', ''],
  ['/usr/bin/ls a', 'ls', 'a', ''],
  ['ls', 'ls', '', ''],
  // Assignments before a command belong to it; alone they are what is there.
  ['A=1 b_2+=x ls A=1', 'ls', 'A=1', ''],
  ['A=1', 'A=1', '', ''],
  ['A=1 B=2', 'B=2', '', ''],
  ['1A=1 ls', '1A=1', 'ls', ''],
  ['a-b=1 ls', 'a-b=1', 'ls', ''],
  ['A= ls', 'ls', '', ''],
  ['x-A=1 ls', 'x-A=1', 'ls', ''],
  // Options of what stands before a program; those with a value take one more word.
  ['sudo ls -l', 'ls', '-l', 'sudo'],
  ['/usr/bin/sudo ls', 'ls', '', 'sudo'],
  ['sudo -n ls', 'ls', '', 'sudo'],
  ['sudo -u root -g a -p b -C c -T d -r e -t f ls', 'ls', '', 'sudo'],
  ['sudo -ux ls', 'ls', '', 'sudo'],
  ['sudo x-u ls', 'x-u', 'ls', 'sudo'],
  ['sudo A=1 ls', 'A=1', 'ls', 'sudo'],
  ['doas -u a -C b ls', 'ls', '', 'doas'],
  ['doas -n ls', 'ls', '', 'doas'],
  ['env -u A -S b -C c ls', 'ls', '', 'env'],
  ['env -i A=1 BB=2 ls C=3', 'ls', 'C=3', 'env'],
  ['env a-b=1 ls', 'a-b=1', 'ls', 'env'],
  ['nohup ls', 'ls', '', 'nohup'],
  ['nohup -x ls', 'ls', '', 'nohup'],
  ['time -f a -o b -p ls', 'ls', '', 'time'],
  ['command -v ls', 'ls', '', 'command'],
  ['builtin ls', 'ls', '', 'builtin'],
  ['exec -a x -l ls', 'ls', '', 'exec'],
  ['nice -n 5 ls', 'ls', '', 'nice'],
  ['nice -5 ls', 'ls', '', 'nice'],
  ['ionice -c 2 -n 3 -t ls', 'ls', '', 'ionice'],
  ['setsid -w ls', 'ls', '', 'setsid'],
  ['stdbuf -i 0 -o L -e L ls', 'ls', '', 'stdbuf'],
  ['stdbuf -oL ls', 'ls', '', 'stdbuf'],
  ['timeout 5 ls', 'ls', '', 'timeout'],
  ['timeout 1.5m 7 ls', '7', 'ls', 'timeout'],
  ['timeout 10s ls', 'ls', '', 'timeout'],
  ['timeout 2h ls', 'ls', '', 'timeout'],
  ['timeout 2d ls', 'ls', '', 'timeout'],
  ['timeout -k 3 -s KILL 5 ls', 'ls', '', 'timeout'],
  ['timeout 5 -l ls', '-l', 'ls', 'timeout'],
  ['timeout 5x ls', '5x', 'ls', 'timeout'],
  ['timeout x5 ls', 'x5', 'ls', 'timeout'],
  ['timeout s ls', 's', 'ls', 'timeout'],
  ['nice 5 ls', '5', 'ls', 'nice'],
  ['xargs -a f -E e -I {} -d x -L 1 -n 1 -P 2 -s 9 -0 rm {}', 'rm', '{}', 'xargs'],
  ['busybox ls', 'ls', '', 'busybox'],
  ['toybox ls', 'ls', '', 'toybox'],
  ['A=1 sudo -u x env B=2 nice ls a', 'ls', 'a', 'sudo env nice'],
  ['sudos ls', 'sudos', 'ls', ''],
];

describe('the program of a command', () => {
  for (const [text, name, rest, wrappers] of ROWS) {
    it(`is found behind what only starts it: ${text}`, () => {
      const found = programOf(words(text));
      assert.deepEqual(
        [found.name, found.rest.map((word) => word.text).join(' '), found.wrappers.join(' ')],
        [name, rest, wrappers],
      );
      assert.equal(baseName(found.word?.text ?? ''), name);
    });
  }
  it('is nothing where nothing is left', () => {
    assert.deepEqual(programOf([]), { name: '', word: undefined, rest: [], wrappers: [] });
    for (const text of ['sudo', 'sudo -u', 'sudo -n', 'env A=1', 'timeout 5', 'timeout -k']) {
      const found = programOf(words(text));
      assert.deepEqual([found.name, found.word, found.rest], ['', undefined, []], text);
    }
  });
  it('is not looked for behind a word that is computed', () => {
    const computed = { text: 'sudo', computed: true };
    assert.deepEqual(programOf([computed, ...words('ls')]), {
      name: 'sudo',
      word: computed,
      rest: words('ls'),
      wrappers: [],
    });
    assert.deepEqual(programOf(words('$X ls')).word, { text: '$X', computed: true });
  });
});

describe('the name of a program', () => {
  it('is the last part of its path', () => {
    for (const [path, name] of [
      ['a', 'a'],
      ['/a', 'a'],
      ['/b/c/a', 'a'],
      ['a/', ''],
      ['', ''],
    ] as const) {
      assert.equal(baseName(path), name);
    }
  });
  it('is a shell, an interpreter, or neither', () => {
    const shells = ['sh', 'bash', 'zsh', 'dash', 'ksh', 'ash', 'csh', 'tcsh', 'fish', 'mksh', 'rbash', 'yash', 'oksh'];
    for (const name of shells) assert.deepEqual([SHELLS.test(name), INTERPRETERS.test(name)], [true, false], name);
    for (const name of [
      ...['python', 'python3', 'python3.12', 'node', 'nodejs', 'deno', 'bun', 'perl', 'ruby', 'php', 'lua'],
      ...['osascript', 'mongo', 'mongosh', 'pwsh', 'powershell', 'awk', 'gawk'],
    ]) {
      assert.deepEqual([SHELLS.test(name), INTERPRETERS.test(name)], [false, true], name);
    }
    for (const name of ['ssh', 'push', 'bashx', 'xsh', 'xnode', 'nodes', 'pythonx', 'xpython', 'ls', '']) {
      assert.deepEqual([SHELLS.test(name), INTERPRETERS.test(name)], [false, false], name);
    }
  });
});
