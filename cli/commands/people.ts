import type { Command } from 'commander';
import { inviteSchema } from '#lib/contracts/links.ts';
import { personPatchSchema } from '#lib/contracts/people.ts';
import { idSchema } from '#lib/contracts/shared-shapes.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { toVisible } from '#lib/core/text/visible.ts';
import { endSessionsOf } from '#lib/server/auth/end-sessions.ts';
import { listSessions } from '#lib/server/auth/list-sessions.ts';
import { changePerson, type PersonChange } from '#lib/server/people/change-person.ts';
import { confirmPerson } from '#lib/server/people/confirm-person.ts';
import { createResetLink, invitePerson, type SentLink } from '#lib/server/people/create-link.ts';
import { listPeople } from '#lib/server/people/list-people.ts';
import { withdrawInvitation } from '#lib/server/people/withdraw-invitation.ts';
import type { Cli } from '../cli.ts';
import type { Host } from '../host.ts';
import { done, EXIT, failed, type Outcome, refused } from '../outcome.ts';
import { splitList } from '../split-list.ts';
import { shortTime, tableOr } from '../table.ts';

export function addPeople(program: Command, cli: Cli): void {
  const people = program.command('people').description('invite people, cure lock-outs, see who may do what');
  people
    .command('invite')
    .description('make an invitation link: 72 hours, once')
    .argument('<email>')
    .requiredOption('--roles <list>', 'some of admin,reviewer,security')
    .option('--groups <list>', 'groups, separated by commas', '')
    .action((email: string, options: { roles: string; groups: string }) =>
      cli.onHost(async (host) => {
        const input = inviteSchema.safeParse({
          email,
          roles: splitList(options.roles),
          groups: splitList(options.groups),
        });
        if (!input.success) {
          return failed(EXIT.usage, 'usage', 'Give an e-mail address and roles out of admin, reviewer, security.');
        }
        const made = await invitePerson(host, host.actor, input.data);
        return made.ok ? showLink(made.value, 'to join') : refused(made.error);
      }),
    );
  people
    .command('reset')
    .description('make a link to set a new password: one hour, once; also cures a lock-out')
    .argument('<email>')
    .action((email: string) =>
      cli.onHost(async (host) => {
        const made = await createResetLink(host, host.actor, email.toLowerCase());
        return made.ok ? showLink(made.value, 'to set a new password') : refused(made.error);
      }),
    );
  people
    .command('roles')
    .description('set somebody’s roles, and with --groups their groups; effective at once')
    .argument('<email>')
    .argument('<roles>', 'some of admin,reviewer,security, or none')
    .option('--groups <list>', 'groups, separated by commas; replaces those they have')
    .action((email: string, list: string, options: { groups?: string }) =>
      cli.onHost(async (host) => {
        const wanted = personPatchSchema.safeParse({
          roles: list === 'none' ? [] : splitList(list),
          ...(options.groups === undefined ? {} : { groups: splitList(options.groups) }),
        });
        if (!wanted.success)
          return failed(EXIT.usage, 'usage', 'Give roles out of admin, reviewer, security, or none.');
        return change(host, email, wanted.data);
      }),
    );
  for (const [command, status, description] of [
    ['disable', 'disabled', 'shut somebody out: every session ends at once'],
    ['enable', 'active', 'let somebody in again'],
  ] as const) {
    people
      .command(command)
      .description(description)
      .argument('<email>')
      .action((email: string) => cli.onHost((host) => change(host, email, { status })));
  }
  people
    .command('confirm')
    .description('say that an account is somebody of their own, so that it counts apart from whoever made it')
    .argument('<email>')
    .action((email: string) =>
      cli.onHost(async (host) => {
        const person = await personOf(host, email);
        if (!person.ok) return person.error;
        const confirmed = await confirmPerson(host, host.actor, person.value.id);
        return confirmed.ok
          ? done(confirmed.value, [`${person.value.email} counts for themselves.`])
          : refused(confirmed.error);
      }),
    );
  people
    .command('sessions')
    .description('where somebody is signed in')
    .argument('<email>')
    .action((email: string) =>
      cli.onHost(async (host) => {
        const person = await personOf(host, email);
        if (!person.ok) return person.error;
        const { items } = await listSessions(host.prisma, person.value.id, null);
        const rows = items.map((one) => [
          one.id,
          one.kind,
          one.method ?? '-',
          toVisible(one.address ?? '-'),
          shortTime(one.lastSeenAt),
          shortTime(one.expiresAt),
          toVisible((one.client ?? '-').slice(0, 40)),
        ]);
        const header = ['ID', 'KIND', 'BY', 'FROM', 'LAST SEEN', 'UNTIL', 'CLIENT'];
        return done({ items }, tableOr('Signed in nowhere.', header, rows));
      }),
    );
  people
    .command('revoke')
    .description('end somebody’s sessions: all of them, or one')
    .argument('<email>')
    .argument('[session]', 'id of one session')
    .action((email: string, session: string | undefined) =>
      cli.onHost(async (host) => {
        if (session !== undefined && !idSchema.safeParse(session).success) {
          return failed(EXIT.usage, 'usage', 'A session has an id such as `people sessions` shows.');
        }
        const person = await personOf(host, email);
        if (!person.ok) return person.error;
        const which = session === undefined ? ({ kind: 'all' } as const) : ({ kind: 'one', id: session } as const);
        const ended = await endSessionsOf(host, host.actor, person.value.id, which);
        return ended.ok ? done(ended.value, [`Ended: ${ended.value.ended}`]) : refused(ended.error);
      }),
    );
  people
    .command('uninvite')
    .description('withdraw an open invitation')
    .argument('<email>')
    .action((email: string) =>
      cli.onHost(async (host) => {
        const { items } = await listPeople(host.prisma, host.actor);
        const open = items.find((one) => one.status === 'invited' && one.email === email.toLowerCase());
        if (open === undefined) return refused({ code: 'not-found', detail: 'No invitation of this e-mail is open.' });
        const withdrawn = await withdrawInvitation(host, host.actor, open.id);
        return withdrawn.ok
          ? done({ email: open.email }, [`The invitation of ${open.email} opens nothing any more.`])
          : refused(withdrawn.error);
      }),
    );
  people
    .command('list')
    .description('everybody, with open invitations')
    .action(() =>
      cli.onHost(async (host) => {
        const { items } = await listPeople(host.prisma, host.actor);
        const rows = items.map((one) => [
          one.email,
          one.name,
          one.roles.join(' '),
          one.status,
          one.sso === null ? '-' : 'bound',
          String(one.sessions ?? '-'),
          one.lastSignInAt === null ? 'never' : shortTime(one.lastSignInAt),
          one.countsWith.map((tie) => `${tie.email} until ${shortTime(tie.until)}`).join(', ') || '-',
        ]);
        const header = ['E-MAIL', 'NAME', 'ROLES', 'STATUS', 'SSO', 'SESSIONS', 'LAST SIGN-IN', 'COUNTS WITH'];
        return done({ items }, tableOr('Nobody yet.', header, rows));
      }),
    );
}

type Found = Result<{ readonly id: string; readonly email: string }, Outcome>;

async function personOf(host: Host, email: string): Promise<Found> {
  const person = await host.prisma.person.findUnique({ where: { email: email.toLowerCase() } });
  if (person === null) return err(refused({ code: 'not-found', detail: 'Nobody here has this e-mail address.' }));
  return ok({ id: person.id, email: person.email });
}

async function change(host: Host, email: string, wanted: PersonChange): Promise<Outcome> {
  const person = await personOf(host, email);
  if (!person.ok) return person.error;
  const changed = await changePerson(host, host.actor, person.value.id, wanted);
  if (!changed.ok) return refused(changed.error);
  const { roles, groups, status } = changed.value;
  const inGroups = groups.length === 0 ? '' : `, in ${groups.map((one) => toVisible(one)).join(', ')}`;
  return done(changed.value, [`${person.value.email}: ${roles.join(' ') || 'no role'}${inGroups}, ${status}`]);
}

function showLink(sent: SentLink, purpose: string): Outcome {
  return done(sent, [`Send this link ${purpose}; it works once, until ${shortTime(sent.expiresAt)}:`, sent.link]);
}
