import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { innerScript, opaqueCommand } from './opaque-shell.ts';
import type { ShellCommand } from './shell-command.ts';

/** Words apart at spaces unless in double quotes, with a `|` before them or `<` redirects behind; `$…` is computed. */
function command(text: string): ShellCommand {
  const lead = /^(\|&?|&&) /.exec(text)?.[1] ?? '';
  const [line = '', ...fed] = text.slice(lead === '' ? 0 : lead.length + 1).split(/ (?=(?:<{1,3}|>&?)(?: |$))/);
  return {
    lead,
    words: wordsOf(line),
    redirects: fed.map((one) => {
      const [operator = '', ...rest] = one.split(' ');
      return { operator, target: wordsOf(rest.join(' '))[0] ?? null };
    }),
    pipedInto: null,
  };
}

function wordsOf(line: string): ShellCommand['words'] {
  return (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => ({
    text: word.replace(/^"(.*)"$/, '$1'),
    computed: word.startsWith('$'),
  }));
}

function why(rows: readonly (readonly [string, string | null])[]): void {
  for (const [text, reason] of rows) assert.equal(opaqueCommand(command(text)), reason, text);
}
const clear = (texts: readonly string[]) => why(texts.map((text) => [text, null]));
const each = (texts: readonly string[], reason: string) => why(texts.map((text) => [text, reason]));

describe('a command whose words do not tell what it does', () => {
  it('is one whose program is computed', () => {
    each(['$X a', 'sudo $X', 'A=1 $X'], 'which program runs is computed');
    clear(['ls $X', 'sudo', 'A=1', '']);
  });
  it('is env with a text to split', () => {
    each(
      ['env -S x', 'env -iS x', 'env -v0S x', 'env --split-string x', 'env --split-string=x', 'env A=1 -S x b'],
      'env runs a text as a command',
    );
    clear([
      'env A=1 ls',
      'env --split-strings x',
      'env x-S',
      'env ls a--split-string',
      'env -xS',
      'sort -S x',
      'sudo sort -S x',
    ]);
  });
  it('is a program that runs another', () => {
    for (const name of [
      ...['alias', 'trap', 'mapfile', 'readarray', 'chroot', 'unshare', 'nsenter', 'watch', 'script', 'parallel'],
      ...['flock', 'strace', 'ltrace', 'gdb', 'runuser', 'setpriv', 'firejail', 'bwrap', 'systemd-run', 'proot'],
      ...[
        'fakeroot',
        'expect',
        'tmux',
        'screen',
        'cmd',
        'CMD.EXE',
        'vi',
        'vim',
        'nvim',
        'ex',
        'ed',
        'emacs',
        'entr',
        'wsl',
      ],
    ]) {
      each([`${name} x`, `/bin/${name}`], `${name} may run another command`);
      clear([`x${name} x`, `${name}x x`]);
    }
  });
  it('is one of PowerShell', () => {
    each(
      ['Remove-Item x', 'Get-Xy', 'Invoke-WebRequest x', 'iex x', 'iwr x', 'irm x', 'invoke-expression x'],
      'it reads like PowerShell, which is not what was parsed',
    );
    clear([
      'remove-item x',
      'R-Item x',
      'Remove-item x',
      'Get-X',
      'xRemove-Item x',
      'Remove-Item- x',
      'iexs x',
      'xiex x',
    ]);
  });
  it('is a data program that is given a command to run', () => {
    for (const name of ['git', 'ssh', 'scp', 'rsync', 'tar', 'sed', 'rg']) {
      each(
        [
          ...['-oProxyCommand=x', '"-o ProxyCommand x"', '-oproxycommand=x', 'ProxyCommand=x', '--checkpoint-action=x'],
          ...['--to-command=x', '--to-command x', '--use-compress-program x', '--rsh=x', '--pre x', 'core.pager=x'],
          ...['core.editor=x', 'core.sshCommand=x', 'core.fsmonitor=x', 'core.hooksPath=x', 'alias.a-b=x'],
          ...['diff.external=x', 'credential.helper=x', 'sequence.editor=x', '"e x"', '"1e x"', '"12e  x"'],
        ].map((option) => `${name} ${option} y`),
        `${name} is given a command to run`,
      );
    }
    clear([
      ...[
        'ls --rsh=x',
        'xgit --rsh=x',
        'gits --rsh=x',
        'sed -n p',
        'git log',
        'tar --presume x',
        'tar x--pre',
        'tar x--to-command=a',
      ],
      ...['tar x--checkpoint-action=a', 'tar --checkpoint-action', 'git core.pagers=x', 'git core.x=y', 'git alias.=x'],
      ...['git alias.a.b=x', 'git xalias.a=b', 'sed "se x"', 'sed "e"', 'sed "ex"', 'ssh -o ProxyCommands a'],
    ]);
  });
  it('is one that runs another somewhere else', () => {
    for (const name of ['docker', 'podman', 'kubectl', 'oc']) {
      each([`${name} exec x`, `${name} -v run x`, `${name} debug`], `${name} runs a command somewhere else`);
      clear([`${name} ps`, `${name} runs`, `${name} rerun`, `x${name} run`, `${name}x run`]);
    }
    clear(['npm run x']);
  });
  it('is eval, or a shell with a text', () => {
    each(['eval', 'eval ls'], 'eval runs a computed text');
    each(
      ['bash -c x', 'bash -e -c x', 'bash -ce x', 'bash -xc x', 'bash -xce', 'bash a -c'],
      'bash runs a computed text',
    );
    clear(['evals x', 'bash a', 'bash x-c a', 'bash -x1c a', 'bash --c a', 'bash', 'ls -c']);
  });
  it('is a script by a computed name, or by what is fed', () => {
    why([
      ['source $X', 'source runs a computed text'],
      ['. $X', '. runs a computed text'],
      ['sh -x $X', 'sh runs a computed text'],
      ['sh a $X', null],
      ['cat $X', null],
      ['sources $X', null],
      ['xsource $X', null],
      ['source', null],
      ['source a', null],
    ]);
    for (const file of ['/dev/stdin', '/dev/fd/3', '/proc/self/fd/0']) {
      each([`bash ${file}`, `bash -x ${file} a`], 'bash runs what is fed to it');
      each([`source ${file}`], 'source runs what is fed to it');
      each([`. ${file}`], '. runs what is fed to it');
      clear([`bash x${file}`, `bash a ${file}`, `cat ${file}`, `sources ${file}`, `xsource ${file}`]);
    }
    clear(['bash /dev/fd', 'bash /dev/null', 'bash /proc/self/x']);
  });
  it('is awk with a program that runs another', () => {
    for (const name of ['awk', 'gawk', 'mawk']) {
      each(
        [`${name} "{system(1)}" a`, `${name} -v x "{getline}"`, `${name} "{print | x}" a`],
        `${name} is given a command to run`,
      );
      clear([
        `${name} "{print}"`,
        `${name} "{systems}"`,
        `${name} "{ecosystem}"`,
        `| ${name} "{print}"`,
        `${name} -e x`,
        `| ${name}`,
      ]);
    }
    clear(['awks "{system(1)}"', 'awkward system']);
  });
  it('is an interpreter with code among its options', () => {
    for (const name of ['python3', 'node', 'perl', 'deno', 'ruby', 'pwsh']) {
      each(
        [
          ...['-c', '-e', '-E', '-r', '-p', '-uc', '-ne', '-abcdE', '--eval', '--eval=x', '--print', '--print=x'],
          ...['--execute', '--execute=x', '-enc', '-EncodedCommand', '-Command', 'a.x -e'],
        ].map((option) => `${name} ${option} y`),
        `${name} runs code given in place`,
      );
      clear(
        [
          'a.x',
          '-n a.x',
          '-abcdfe a.x',
          'x-e',
          '-e1 a.x',
          '-1e a.x',
          '--evals a.x',
          'x--eval',
          '-xCommand a.x',
          '-encs a.x',
          'x-enc',
        ].map((option) => `${name} ${option}`),
      );
    }
    each(['deno eval x', 'deno -q eval x'], 'deno runs code given in place');
    clear(['node eval x', 'deno run x', 'deno', 'deno x eval', 'ls -e', 'ls --eval']);
  });
  it('is a shell or an interpreter that is fed', () => {
    for (const name of ['sh', 'bash', 'python3', 'perl']) {
      each(
        [
          `| ${name}`,
          `|& ${name}`,
          `| ${name} -x`,
          `| ${name} -s a`,
          `| ${name} a -s`,
          `${name} < a`,
          `${name} <<< a`,
          `${name} << $X`,
          `${name} > a < b`,
        ],
        `${name} runs what is fed to it`,
      );
      clear([
        `${name}`,
        `${name} -x`,
        `&& ${name}`,
        `| ${name} a`,
        `${name} a < b`,
        `${name} a -s`,
        `| ${name} a --s`,
        `${name} > a`,
        `${name} >& a`,
      ]);
    }
    clear(['| ls', 'ls < a', '| ls -s', '| wc -s a']);
    why([['| bash a-', null]]);
    // The operator that tells is the one it begins with.
    assert.equal(
      opaqueCommand({ ...command('bash'), redirects: [{ operator: '<&', target: null }] }),
      'bash runs what is fed to it',
    );
    assert.equal(opaqueCommand({ ...command('bash'), redirects: [{ operator: '><', target: null }] }), null);
    assert.equal(opaqueCommand({ ...command('bash'), lead: 'if |' }), null);
  });
});

describe('the text that a command hands to another shell', () => {
  const rows: readonly (readonly [string, string | null])[] = [
    ['eval rm -r x', 'rm -r x'],
    ['eval', null],
    ['eval rm $X', null],
    ['evals rm', null],
    ['ssh host ls -l', 'ls -l'],
    ['ssh host', null],
    ['ssh', null],
    ['ssh -v', null],
    ['ssh -v -i key host ls', 'ls'],
    ['ssh -v host ls', 'ls'],
    ['ssh host ls $X', null],
    ['ssh host $X', null],
    ['ssh $H ls', 'ls'],
    ['ssh -ikey host ls', 'ls'],
    ['ssh -vp host ls', 'ls'],
    ['ssh a-p host ls', 'host ls'],
    ['ssh -v-p host ls', 'ls'],
    ...Array.from('bcDEeFIiJLlmOopQRSWw', (flag): readonly [string, string] => [`ssh -${flag} v host ls`, 'ls']),
    ...Array.from('46AaCfGgKkMNnqsTtVvXxYy', (flag): readonly [string, string] => [`ssh -${flag} host ls`, 'ls']),
    ['sshx host ls', null],
    ['bash -c ls', 'ls'],
    ['bash -e -xc "ls -l" a', 'ls -l'],
    ['bash -ce ls', 'ls'],
    ['bash -c', null],
    ['bash -c $X', null],
    ['bash a', null],
    ['bash --c ls', null],
    ['bash x-c ls', null],
    ['bash -c1 ls', null],
    ['sudo sh -c ls', 'ls'],
    ['bash <<< ls', 'ls'],
    ['bash << ls', 'ls'],
    ['bash < a <<< ls', 'ls'],
    ['bash <<< $X', null],
    ['bash < ls', null],
    ['bash <<<', null],
    ['python3 -c ls', null],
    ['python3 <<< ls', null],
    ['cat <<< ls', null],
    ['', null],
  ];
  it('is there when nothing in it is computed', () => {
    for (const [text, inner] of rows) assert.equal(innerScript(command(text)), inner, text);
  });
  it('is not what only ends like a here-document', () => {
    const target = { text: 'ls', computed: false };
    assert.equal(innerScript({ ...command('bash'), redirects: [{ operator: '<<-', target }] }), 'ls');
    assert.equal(innerScript({ ...command('bash'), redirects: [{ operator: '1<<', target }] }), null);
  });
});
