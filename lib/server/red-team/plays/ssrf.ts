import { LISTED_HOST, RED_TEAM_AGENT } from '#lib/core/red-team/sink.ts';
import { fetchToken, finding, type Seen } from '../attacker.ts';
import type { Stage } from '../stage.ts';
import { throughProxy } from '../through-proxy.ts';
import { inTurn, type Play, type Plays } from './play.ts';

/** Discard (RFC 863): a port at which nobody listens, should a connection ever be let out. */
const PORT = 9;

export const SSRF_PLAYS: Plays = {
  'unlisted-destinations': connects(() => [
    'unlisted.red-team.invalid:443',
    `${LISTED_HOST}:8443`,
    `${LISTED_HOST}.evil.test:443`,
    `evil-${LISTED_HOST}:443`,
  ]),
  'spelled-loopback': untouched(({ trap }) =>
    ['127.0.0.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.1', 'localhost'].map((host) => `${host}:${trap.port}`),
  ),
  'ipv6-in-disguise': untouched(({ trap }) =>
    ['[::1]', '[::ffff:127.0.0.1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]'].map((host) => `${host}:${trap.port}`),
  ),
  'metadata-service': connects(() =>
    ['169.254.169.254', '[fd00:ec2::254]', '100.100.100.200', 'metadata.google.internal'].map(
      (host) => `${host}:${PORT}`,
    ),
  ),
  'private-networks': connects(() => ['10.0.0.1', '172.16.0.1', '192.168.0.1'].map((host) => `${host}:${PORT}`)),
  'userinfo-tricks': async (stage) => {
    const before = stage.trap.count();
    const { port } = stage.trap;
    const seen = await withToken(stage, (token) =>
      inTurn(
        [
          `http://${LISTED_HOST}@127.0.0.1:${port}/`,
          `http://${LISTED_HOST}\\@127.0.0.1:${port}/`,
          `http://${LISTED_HOST}#@127.0.0.1:${port}/`,
        ],
        (url) => throughProxy(stage.targets.proxy, `GET ${url} HTTP/1.1\r\nhost: ${LISTED_HOST}`, token),
      ),
    );
    return [...seen, finding(stage.trap.count() === before, 'no-connection')];
  },
  'proxy-without-right': async (stage) => {
    const { proxy } = stage.targets;
    return [
      await throughProxy(proxy, connectLine(`${LISTED_HOST}:443`), null),
      await throughProxy(proxy, connectLine(`${LISTED_HOST}:443`), basic(stage.red.token)),
    ];
  },
};

/** The listed destination: it is let out, and its name leads nowhere. */
export async function probeProxy(stage: Stage): Promise<readonly Seen[]> {
  return connects(() => [`${LISTED_HOST}:443`])(stage);
}

function connects(targets: (stage: Stage) => readonly string[]): Play {
  return (stage) =>
    withToken(stage, (token) =>
      inTurn(targets(stage), (target) => throughProxy(stage.targets.proxy, connectLine(target), token)),
    );
}

/** The same, and whether anybody came through to the listener. */
function untouched(targets: (stage: Stage) => readonly string[]): Play {
  return async (stage) => {
    const before = stage.trap.count();
    const seen = await connects(targets)(stage);
    return [...seen, finding(stage.trap.count() === before, 'no-connection')];
  };
}

async function withToken(stage: Stage, attempt: (token: string) => Promise<readonly Seen[]>): Promise<readonly Seen[]> {
  const token = await egressToken(stage);
  return token === null ? [] : attempt(basic(token));
}

/** One for the run: an agent may fetch only so many a minute. */
const kept = new WeakMap<Stage, Promise<string | null>>();

function egressToken(stage: Stage): Promise<string | null> {
  const token = kept.get(stage) ?? fetchToken(stage.targets, stage.red.credential, '/egress');
  kept.set(stage, token);
  return token;
}

const connectLine = (target: string) => `CONNECT ${target} HTTP/1.1\r\nhost: ${target}`;
const basic = (token: string) => `Basic ${Buffer.from(`${RED_TEAM_AGENT}:${token}`).toString('base64')}`;
