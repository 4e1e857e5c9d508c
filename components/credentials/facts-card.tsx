'use client';

import Link from 'next/link';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Card } from '#components/ui/card.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { When } from '#components/ui/when.tsx';
import { plural } from '#lib/client/format.ts';
import type { CredentialView } from '#lib/contracts/credentials.ts';
import { KIND_WORDS } from './credential-words.ts';

/** The names of what is no secret about it, as people say them. */
const CONFIG_WORDS: Readonly<Record<string, string>> = {
  header: 'Header',
  variable: 'Variable',
  username: 'User name',
  tokenUrl: 'Token endpoint',
  clientId: 'Client id',
  clientAuth: 'Proves itself by',
  scope: 'Scope',
  resource: 'Resource',
  audience: 'Audience',
  subject: 'Exchanges',
};

/** What it is, where it goes, and who can make the gateway use it. */
export function FactsCard({ credential }: { readonly credential: CredentialView }) {
  const { kind, server, publicConfig, usedBy, lastUsedAt, createdBy, createdAt, overlapMinutes, hook } = credential;
  return (
    <Card title="Credential">
      <Facts>
        <Fact name="Kind">{KIND_WORDS[kind].word}</Fact>
        <Fact name="Server">
          <Link href={`/servers/${server}`} className="link">
            {server}
          </Link>
        </Fact>
        {Object.entries(publicConfig)
          .filter(([key]) => CONFIG_WORDS[key] !== undefined)
          .map(([key, value]) => (
            <Fact key={key} name={CONFIG_WORDS[key]}>
              <SafeText text={value} className="font-mono text-xs" />
            </Fact>
          ))}
        {credential.personalToken !== null && <Fact name="Recognised as">{credential.personalToken}</Fact>}
        <Fact name="Who can use it">
          {usedBy.length === 0
            ? 'no agent'
            : usedBy.map((agent, i) => (
                <span key={agent}>
                  {i > 0 && ', '}
                  <Link href={`/agents/${agent}`} className="link">
                    {agent}
                  </Link>
                </span>
              ))}
        </Fact>
        <Fact name="Last used">{lastUsedAt === null ? 'never' : <When at={lastUsedAt} />}</Fact>
        <Fact name="Added">
          <When at={createdAt} /> by {createdBy ?? 'configuration'}
        </Fact>
        <Fact name="Overlap">{plural(overlapMinutes, 'minute')}</Fact>
        <Fact name="Rotates every">
          {credential.rotateEveryDays === null ? 'not by plan' : plural(credential.rotateEveryDays, 'day')}
        </Fact>
        <Fact name="Rotated by">
          {hook === null ? (
            'a person'
          ) : hook.kind === 'command' ? (
            'a command'
          ) : (
            <SafeText text={hook.url ?? 'a webhook'} />
          )}
        </Fact>
      </Facts>
    </Card>
  );
}
