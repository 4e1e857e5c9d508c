'use client';

import Link from 'next/link';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { AgeRing, AgeWords } from '#components/ui/age-ring.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { When } from '#components/ui/when.tsx';
import type { CredentialView } from '#lib/contracts/credentials.ts';
import { CredentialMarks } from './credential-marks.tsx';
import { KIND_WORDS } from './credential-words.ts';

/** Each as a clock, with what it is for and when it was last changed. */
export function CredentialTable({ credentials }: { readonly credentials: readonly CredentialView[] }) {
  return (
    <Table caption="Credentials" reflow>
      <thead>
        <tr>
          <Th>Credential</Th>
          <Th>State</Th>
          <Th>Ends</Th>
          <Th>Rotated</Th>
          <Th>Last used</Th>
          <Th>Who can use it</Th>
        </tr>
      </thead>
      <tbody>
        {credentials.map((one) => (
          <Tr key={one.id}>
            <Td>
              <span className="flex items-center gap-3">
                <AgeRing since={one.createdAt} endsAt={one.endsAt} />
                <span className="min-w-0">
                  <Link href={`/credentials/${one.id}`} className="link font-semibold [overflow-wrap:anywhere]">
                    {one.name}
                  </Link>
                  <span className="block text-ink-3 text-xs">
                    {KIND_WORDS[one.kind].word} for <span className="text-ink-2">{one.server}</span>
                  </span>
                </span>
              </span>
              {one.lastError !== null && (
                <SafeText as="p" text={one.lastError} className="mt-1 line-clamp-2 max-w-md pl-12 text-high text-xs" />
              )}
            </Td>
            <Td>
              <span className="flex flex-wrap gap-1">
                <CredentialMarks credential={one} />
              </span>
            </Td>
            <Td className="sm:pt-2.5">
              <AgeWords since={one.createdAt} endsAt={one.endsAt} />
              {one.nextRotationAt !== null && (
                <span className="block whitespace-nowrap text-ink-3 text-xs">
                  rotates <When at={one.nextRotationAt} />
                </span>
              )}
            </Td>
            <Td className="whitespace-nowrap text-ink-2 sm:pt-2.5">
              <span className="text-ink-3 sm:hidden">{one.rotatedAt === null ? 'not rotated' : 'rotated '}</span>
              {one.rotatedAt === null ? <span className="max-sm:hidden">never</span> : <When at={one.rotatedAt} />}
              <span className="text-ink-3 text-xs max-sm:ml-1.5 sm:block">
                added <When at={one.createdAt} />
              </span>
            </Td>
            <Td className="whitespace-nowrap text-ink-2 sm:pt-2.5">
              <span className="text-ink-3 sm:hidden">{one.lastUsedAt === null ? 'not used' : 'used '}</span>
              {one.lastUsedAt === null ? <span className="max-sm:hidden">never</span> : <When at={one.lastUsedAt} />}
            </Td>
            <Td className="max-w-56 text-ink-2 sm:pt-2.5">
              {one.usedBy.length === 0 ? <span className="text-ink-3">no agent</span> : one.usedBy.join(', ')}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
