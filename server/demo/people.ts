import { randomBytes } from 'node:crypto';
import type { Role } from '#lib/core/identity/principals.ts';
import { invitePerson } from '#lib/server/people/create-link.ts';
import { redeemLink } from '#lib/server/people/redeem-link.ts';
import type { DemoContext } from '../supervisor/demo-hook.ts';
import { must, OPERATOR } from './operator.ts';

const PEOPLE: readonly { readonly email: string; readonly name: string; readonly roles: readonly Role[] }[] = [
  { email: 'ana@example.com', name: 'Ana', roles: ['admin', 'security'] },
  { email: 'ben@example.com', name: 'Ben', roles: ['reviewer'] },
  { email: 'cleo@example.com', name: 'Cleo', roles: ['reviewer', 'security'] },
];
const PASSWORD_BYTES = 12;

/** A person of the demo; the password is known only in the start that made the person. */
export type DemoPerson = {
  readonly email: string;
  readonly roles: readonly Role[];
  readonly password: string | undefined;
};

/** Makes the demo's people the way people are made, by invitation, each with a random password; keeps those there are. */
export async function makePeople(context: DemoContext): Promise<readonly DemoPerson[]> {
  const { prisma, keys, env } = context;
  const made: DemoPerson[] = [];
  for (const { email, name, roles } of PEOPLE) {
    let password: string | undefined;
    if ((await prisma.person.findUnique({ where: { email } })) === null) {
      password = randomBytes(PASSWORD_BYTES).toString('base64url');
      const invitation = { email, roles, groups: ['platform-team'] };
      const sent = must(await invitePerson({ prisma, keys, consoleUrl: env.consoleUrl }, OPERATOR, invitation));
      const token = new URL(sent.link).searchParams.get('token') ?? '';
      must(await redeemLink({ prisma, keys }, { token, name, password }));
    }
    made.push({ email, roles, password });
  }
  return made;
}
