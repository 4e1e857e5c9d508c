import { Hourglass, TriangleAlert } from 'lucide-react';
import { Badge } from '#components/ui/badge.tsx';
import type { CredentialView } from '#lib/contracts/credentials.ts';
import { STATUS_WORDS } from './credential-words.ts';

/** Its state, whether it is only lent, and whether its server is another than it was. */
export function CredentialMarks({ credential }: { readonly credential: CredentialView }) {
  const { word, tone } = STATUS_WORDS[credential.status];
  return (
    <>
      <Badge tone={tone}>{word}</Badge>
      {credential.migrationOnly && (
        <Badge tone="warning" icon={<Hourglass aria-hidden="true" />}>
          migration only
        </Badge>
      )}
      {!credential.bound && credential.status !== 'retired' && (
        <Badge tone="danger" icon={<TriangleAlert aria-hidden="true" />}>
          server changed
        </Badge>
      )}
    </>
  );
}
