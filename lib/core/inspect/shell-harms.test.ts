import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeShell } from './judge-shell.ts';
import type { ShellCommand } from './shell-command.ts';

/** One command as a parser would give it: words apart at spaces, unless in double quotes. */
function harmsOf(text: string): readonly string[] {
  const redirects: ShellCommand['redirects'][number][] = [];
  const words: ShellCommand['words'][number][] = [];
  const tokens = (text.match(/"[^"]*"|\S+/g) ?? []).map((token) => ({
    text: token.replace(/^"(.*)"$/, '$1'),
    computed: false,
  }));
  for (let token = tokens.shift(); token !== undefined; token = tokens.shift()) {
    if (/^\d?[<>&]+\|?$/.test(token.text)) redirects.push({ operator: token.text, target: tokens.shift() ?? null });
    else words.push(token);
  }
  return judgeShell([{ lead: '', words, redirects, pipedInto: null }]);
}

/** Each of the first with each of the second. */
const pairs = (names: readonly string[], rests: readonly string[]) =>
  names.flatMap((name) => rests.map((rest) => `${name} ${rest}`));

/** A harm, the commands that do it and nothing else, and commands that are nearly the same and do no harm. */
const HARMS: readonly { readonly harm: string; readonly by: readonly string[]; readonly not: readonly string[] }[] = [
  {
    harm: 'deletes files recursively',
    by: ['rm -r x', 'rm -R x', 'rm -vfr x', 'rm -f -r x', '/bin/rm -r x', 'rm --recursive x'],
    not: ['ls -r x', 'ls --recursive x', 'trm -r x'],
  },
  {
    harm: 'deletes files',
    by: [
      'rm x',
      'rm -f x',
      'rm -f -v x',
      'rm far',
      'rm --verbose r',
      'rm a-r',
      'unlink x',
      'rmdir x',
      'truncate x',
      'shred x',
    ],
    not: ['unlinked x', 'xunlink x', 'truncates x', 'shredder x', 'rms x', 'ls x'],
  },
  {
    harm: 'deletes or changes every file that find meets',
    by: pairs(
      ['find .'],
      ['-delete', '-exec x', '-execdir x', '-ok x', '-okdir x', '-fprint x', '-fprintf x', '-fls x'],
    ),
    not: ['find . -name x', 'find . x-delete', 'find . -deleted', 'find . -flsx', 'fd . -delete'],
  },
  {
    harm: 'overwrites a disk or a file system',
    by: ['mkfs x', 'mkfs.ext4 x', 'wipefs x', 'fdisk x', 'parted x', 'sgdisk x', 'dd if=a of=b'],
    not: ['xmkfs x', 'xwipefs x', 'wipefsx x', 'dd if=a', 'dd if=of=', 'cat of=b'],
  },
  {
    harm: 'opens files to everybody',
    by: pairs(['chmod'], ['777 x', '0777 x', '1777 x', '01777 x', '+rwx x', 'a+rwx x', '-v 777 x']),
    not: pairs(
      ['chmod'],
      ['755 x', '8777 x', '10777 x', '7770 x', '777x x', 'x777 x', 'u+rwx x', '+rwxs x', 'xa+rwx x'],
    ).concat('ls 777'),
  },
  {
    harm: 'changes rights or owners recursively',
    by: ['chmod -R 755 x', 'chown -vR a x', 'chgrp -h -R a x'],
    not: ['chmod -r x', 'chown a x', 'chown a-R x', 'chown --R x', 'chown R x', 'ls -R', 'xchmod -R x', 'chmods -R x'],
  },
  {
    harm: 'stops or restarts the machine',
    by: ['shutdown now', 'reboot', 'halt', 'poweroff', 'init 0'],
    not: ['xreboot', 'rebooted', 'echo reboot'],
  },
  { harm: 'ends processes', by: ['kill 1', 'pkill x', 'killall x'], not: ['xkill 1', 'killer 1', 'echo kill'] },
  {
    harm: 'stops or changes a service',
    by: pairs(['systemctl', 'service x'], ['stop', 'disable', 'mask', 'restart']),
    not: ['systemctl status x', 'xservice stop', 'services stop', 'echo stop'],
  },
  {
    harm: 'changes what runs on a schedule',
    by: ['at now', 'crontab x', 'crontab -r'],
    not: ['crontab -l', 'crontabs x', 'cat x'],
  },
  {
    harm: 'changes accounts or passwords',
    by: pairs(['useradd', 'userdel', 'usermod', 'passwd', 'chpasswd', 'visudo', 'adduser'], ['x']),
    not: ['xpasswd x', 'passwds x', 'echo passwd'],
  },
  {
    harm: 'changes the firewall or the network',
    by: pairs(['iptables', 'ip6tables', 'nft', 'ufw', 'ifconfig', 'route'], ['x']),
    not: ['xroute x', 'router x', 'echo nft'],
  },
  {
    harm: 'rewrites published history',
    by: pairs(
      ['git push', 'git -C a push'],
      [
        '--force',
        '--force-with-lease',
        '--force-with-lease=main',
        '--mirror',
        'o --delete x',
        'o +main',
        'o :main',
        '-f',
        '-vf',
      ],
    ),
    not: [
      'git push o main',
      'git push o a:b',
      'git push o a+b',
      'git push o +',
      'git push --forced',
      'git push x--force',
      'git pull --force',
      'hg push --force',
    ],
  },
  {
    harm: 'throws away uncommitted or committed work',
    by: ['git reset --hard', 'git reset HEAD --hard', 'git clean -fd', 'git clean -d -f'],
    not: [
      'git reset --soft',
      'git resets --hard',
      'git xreset --hard',
      'git --hard reset',
      'git clean -n',
      'git clean f',
      'git log -f',
      'hg reset --hard',
      'hg clean -f',
    ],
  },
  {
    harm: 'deletes resources of a cluster',
    by: pairs(['kubectl', 'oc', 'helm'], ['delete x', 'drain x', 'uninstall x', '-n a delete x']),
    not: ['kubectl get x', 'kubectl deleted', 'kubectl undelete', 'xoc delete', 'ocs delete', 'echo delete'],
  },
  {
    harm: 'changes or destroys infrastructure',
    by: pairs(['terraform', 'tofu', 'pulumi', 'cdk'], ['apply', 'destroy', 'down', 'up', 'deploy', '-auto x apply']),
    not: ['terraform plan', 'terraform applys', 'terraform reapply', 'xcdk apply', 'cdks apply', 'echo apply'],
  },
  {
    harm: 'deletes resources in a cloud',
    by: pairs(
      ['aws', 'gcloud', 'az', 'doctl', 's3cmd', 'gsutil', 'rclone'],
      ['x rm y', 'rb', 'delete', 'del', 'purge', 'x terminate-instances', 'delete_all', 'sync --delete'],
    ),
    not: ['aws s3 ls', 'aws rms', 'aws xrm', 'aws --deleted', 'aws x--delete', 'xaz rm', 'azs rm', 'echo rm'],
  },
  {
    harm: 'deletes containers, images or volumes',
    by: pairs(['docker', 'podman'], ['system prune', 'rm x', 'rmi x', 'kill x', 'compose down']),
    not: ['docker ps', 'docker rms', 'docker xrm', 'xdocker rm', 'dockers rm', 'echo rm'],
  },
  {
    harm: 'starts a container with rights over the host',
    by: pairs(
      ['docker run', 'podman run'],
      ['--privileged x', '-v /:/a x', '-v/:/a x', '--pid=host x', '-v /x/docker.sock:/y z'],
    ),
    not: [
      'docker run x',
      'docker run -v a/:/b x',
      'docker run -v /a:/b x',
      'xdocker --privileged',
      'dockers --privileged',
      'echo --privileged',
    ],
  },
  {
    harm: 'sends data out',
    by: [
      ...pairs(['nc', 'ncat', 'netcat', 'socat', 'telnet', 'scp', 'sftp', 'rsync', 'ftp', 'tftp'], ['x']),
      ...pairs(
        ['curl', 'curl x'],
        [
          '-d y',
          '-F y',
          '-T y',
          '-dy',
          '-sd y',
          '-sSkLfvigGT y',
          '--data y',
          '--data-binary y',
          '--data=y',
          '--form y',
          '--form=y',
          '--form-string y',
          '--upload-file y',
          '--upload-file=y',
          '--json y',
          '--json=y',
        ],
      ),
      'wget x --post-data=y',
      'wget --post-file=y x',
    ],
    not: [
      ...pairs(
        ['curl'],
        ['x', '-s x', '-sS x', '-xd x', '--jsonx x', '--upload-files x', 'x-d', 'x-sd', 'x--json', '-D x'],
      ),
      'wget x--post-data=y',
      'wget --post-x y',
      'xnc x',
      'ncs x',
      'echo -d x',
      'echo --post-data=y',
    ],
  },
  {
    harm: 'opens a connection by the shell itself',
    by: ['cat /dev/tcp/a/1', 'cat /dev/udp/a/1', 'cat > /dev/tcp/a/1', 'cat x < a > /dev/udp/a/1'],
    not: ['cat /dev/tcp', 'cat /dev/tcps/a', 'cat > /dev/null'],
  },
  {
    harm: 'installs software',
    by: [
      ...pairs(['npx', 'pipx', 'uvx', 'bunx'], ['x']),
      ...pairs(
        [
          'npm',
          'pnpm',
          'yarn',
          'pip',
          'pip3.11',
          'gem',
          'cargo',
          'go',
          'brew',
          'apt',
          'apt-get',
          'yum',
          'dnf',
          'apk',
          'pacman',
        ],
        ['install x', 'i x', 'add x', 'ci', 'get x', '-S x', '-q install x'],
      ),
      ...pairs(['python', 'python3', 'python3.12'], ['-m pip install x', '-m pip3 install x', '-m pipx x']),
    ],
    not: [
      ...[
        'npm test',
        'npm installs',
        'npm xinstall',
        'xnpm install',
        'npms install',
        'xnpx x',
        'npxs x',
        'echo install',
        'pipx3x',
      ],
      ...[
        'python3 -m http.server',
        'python3 -m',
        'python3 pip install',
        'python3 -c pip install',
        'python3 -m install',
        'xpython -m pip install',
        'pythons -m pip install',
      ],
    ],
  },
  {
    harm: 'touches keys or secrets',
    by: [
      ...pairs(
        ['cat', 'cat <', 'cat x'],
        [
          ...[
            '~/.ssh',
            '.ssh',
            '.ssh/x',
            '~/.aws/x',
            '.aws/x',
            '~/.kube/config',
            '.kube/config',
            '.env',
            'a/.env',
            '.env.local',
            '.netrc',
            '.npmrc',
            '.pypirc',
          ],
          ...[
            '.git-credentials',
            '.docker/config.json',
            'id_rsa',
            'a/id_ed25519',
            'id_ecdsa',
            'a/shadow',
            'a.pem',
            'a.key',
            'a.p12',
            'a.pfx',
            'a.kdbx',
          ],
          ...['/proc/1/environ', '/proc/self/environ', '/var/run/secrets/x'],
        ],
      ),
      ...['cat a=.env', 'cat @.env', 'cat a:.env', 'cat a,.env', 'cat "a  .env"', 'cat a==.env'],
    ],
    not: pairs(
      ['cat', 'cat <'],
      [
        '.sshx',
        'x.ssh',
        '.aws',
        'a.env',
        '.envx',
        'a.pems',
        'a.keys',
        'xid_rsa',
        'shadows',
        'ashadow',
        '/proc/environ',
        '/proc/1/2/environ',
        'apem',
        '/var/run/x',
      ],
    ),
  },
  {
    harm: 'writes into system files',
    by: [
      ...pairs(
        ['cat >', 'cat >>', 'cat 2>', 'cat >|', 'cat &>', 'cat < x >', 'cp a', 'mv a', 'tee', 'ln a', 'install a'],
        [
          '/etc/x',
          '/boot/x',
          '/usr/x',
          '/bin/x',
          '/sbin/x',
          '/lib/x',
          '/lib64/x',
          '/dev/sda',
          '/dev/nvme/x',
          '/dev/vda',
          '/dev/xvda',
          '/dev/disk/x',
          '/dev/mapper/x',
          '/sys/x',
          '/proc/sys/x',
          '/etc',
        ],
      ),
      'tee a /etc/x b',
    ],
    not: [
      ...pairs(['cat >', 'cp a', 'tee'], ['/home/x', '/etc-x', 'x/etc/x', '/dev/null', '/proc/1/x', 'etc/x']),
      ...['cat < /etc/x', 'cat /etc/x', 'xcp a /etc/x', 'cps a /etc/x', 'cat >'],
    ],
  },
  {
    harm: 'changes which code programs load',
    by: pairs(
      [
        'LD_PRELOAD=x',
        'LD_LIBRARY_PATH=x',
        'DYLD_INSERT_LIBRARIES=x',
        'NODE_OPTIONS=x',
        'PYTHONSTARTUP=x',
        'BASH_ENV=x',
        'PROMPT_COMMAND=x',
        'PATH=x',
        'env PATH=x',
      ],
      ['ls'],
    ),
    not: ['MYPATH=x ls', 'env MYPATH=x ls', 'echo PATH', 'echo a.PATH=x'],
  },
  {
    harm: 'asks a server to change or delete something',
    by: [
      ...pairs(
        ['curl'],
        ['-X DELETE x', '-XPUT x', '-X=PATCH x', '--request POST x', '--request=PUT x', 'x --request PATCH'],
      ),
      ...pairs(['wget'], ['--method=DELETE x', '--method PUT x', '--method=PATCH x', '--method=POST x']),
    ],
    not: [
      'curl -X GET x',
      'curl -X DELETED x',
      'curl --method=PUT x',
      'wget --method=GET x',
      'wget --methods=PUT x',
      'wget --method=PUTS x',
      'wget -X PUT x',
      'echo -X POST',
      'echo --method=PUT',
    ],
  },
  {
    harm: 'changes data in a database',
    by: [
      ...pairs(['redis-cli'], ['flushall', 'FLUSHDB', '-n 1 del x', 'unlink x', 'config set x', 'eval x']),
      ...pairs(
        ['psql', 'mysql', 'mariadb', 'sqlite3', 'sqlcmd', 'clickhouse-client', 'cockroach'],
        [
          '-c "delete from x"',
          '-c "DELETE   FROM x"',
          '-c "update t set a=1"',
          '-c "update  tt   set a"',
          'truncate',
          '-c "drop index x"',
          '"alter x"',
          '"grant x"',
          '"insert  into x"',
          '"insert into x"',
          '"copy x"',
        ],
      ),
    ],
    not: [
      ...['redis-cli get x', 'redis-cli xdel', 'redis-cli dels', 'redis-clix del x', 'echo flushall'],
      ...pairs(
        ['psql'],
        [
          '-c "select 1"',
          '"undelete from x"',
          '"deletes from x"',
          '"update set"',
          '"copying x"',
          '"xcopy x"',
          '"insert x"',
        ],
      ),
      ...['xpsql copy', 'psqls copy', 'echo "delete from x"'],
    ],
  },
  {
    harm: 'wipes traces',
    by: ['history -c', 'history -wc', 'HISTFILE=x ls', 'cat ~/.bash_history'],
    not: ['history', 'history -a', 'history c', 'ls -c', 'cat HISTFILE'],
  },
  {
    harm: 'drops a database',
    by: ['dropdb x', 'dropuser x', 'echo "drop database x"', 'echo "DROP   TABLE x"', 'echo drop schema x'],
    not: ['xdropdb x', 'dropdbs x', 'echo drop index', 'echo airdrop table', 'echo drop tables', 'echo "droptable"'],
  },
];

describe('a command', () => {
  for (const { harm, by, not } of HARMS) {
    it(`that ${harm} is told from one that nearly does`, () => {
      for (const command of by) assert.deepEqual(harmsOf(command), [harm], command);
      for (const command of not) assert.deepEqual(harmsOf(command), [], command);
    });
  }
  it('that does several harms is told all of them, in one order', () => {
    assert.deepEqual(harmsOf('psql -c "DROP TABLE x"'), ['changes data in a database', 'drops a database']);
    assert.deepEqual(harmsOf('rsync --delete a /etc/x'), ['sends data out', 'writes into system files']);
    assert.deepEqual(harmsOf('truncate -s0 /etc/shadow'), [
      'deletes files',
      'touches keys or secrets',
      'writes into system files',
    ]);
    assert.deepEqual(harmsOf('LD_PRELOAD=x rm -rf ~/.ssh > /etc/x'), [
      'deletes files recursively',
      'touches keys or secrets',
      'writes into system files',
      'changes which code programs load',
    ]);
  });
});
