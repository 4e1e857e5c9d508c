import Link from 'next/link';
import { Card } from '#components/ui/card.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';

const ROLES = [
  {
    word: 'Reviewer',
    may: 'Decides calls that wait, claims, escalates, takes an approval back in its undo window.',
    never: 'Decide a call of an agent that they own or that acts for them.',
  },
  {
    word: 'Admin',
    may: 'Registers servers and agents, sets tiers, policies, the allowlist, credentials and people.',
    never: 'For a day: approve what their own change made approvable. Read a secret back.',
  },
  {
    word: 'Security',
    may: 'Reads and exports the log, stops tools, is one of the two for a restore or a loosening.',
    never: 'Change a policy.',
  },
] as const;

/** What each role is for. A person may hold several; where two people are asked, one person counts once all the same. */
export function RolesCard() {
  return (
    <Card
      title="Roles"
      aside={
        <Link href="/people" className="link">
          Who holds them
        </Link>
      }
      flush
    >
      <Table caption="Roles" reflow>
        <thead>
          <tr>
            <Th>Role</Th>
            <Th>May</Th>
            <Th>May never</Th>
          </tr>
        </thead>
        <tbody>
          {ROLES.map((role) => (
            <Tr key={role.word}>
              <Td className="font-semibold">{role.word}</Td>
              <Td className="text-ink-2">{role.may}</Td>
              <Td className="text-ink-2 max-sm:basis-full">
                <span className="text-ink-3 sm:hidden">Never: </span>
                {role.never}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      <p className="border-t px-3.5 py-2.5 text-ink-3 text-xs">
        Roles say what a person may do; groups say whose vote a rule asks for. Restores and loosenings need two people.
        With one reviewer in all, that person proves again who they are and waits a minute instead.
      </p>
    </Card>
  );
}
