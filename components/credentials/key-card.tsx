'use client';

import { Card } from '#components/ui/card.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { Notice } from '#components/ui/notice.tsx';
import type { CredentialView } from '#lib/contracts/credentials.ts';

type Jwk = NonNullable<CredentialView['publicJwk']>;

/** A public key as authorisation servers take it: a set with one key, to paste. */
export function jwksText(jwk: Jwk): string {
  return JSON.stringify({ keys: [jwk] }, null, 2);
}

/** The public halves of our keys, to register where tokens are minted. */
export function KeyCard({ credential }: { readonly credential: CredentialView }) {
  const { publicJwk, nextPublicJwk, publicConfig } = credential;
  if (publicJwk === null && nextPublicJwk === null) return null;
  return (
    <Card title="Public key" aside="private_key_jwt">
      <div className="grid gap-3">
        <p className="max-w-[68ch] text-ink-2">
          Register this at the authorisation server
          {publicConfig.clientId !== undefined && (
            <>
              {' '}
              for client <code className="text-xs">{publicConfig.clientId}</code>
            </>
          )}
          . The private half never leaves the gateway.
        </p>
        {publicJwk !== null && <CodeBlock label="the public key (JWKS)" text={jwksText(publicJwk)} />}
        {nextPublicJwk !== null && (
          <>
            <Notice tone="warning" title="A new key waits">
              Register it beside the current one, then rotate: it is tried first.
            </Notice>
            <CodeBlock label="the next public key (JWKS)" text={jwksText(nextPublicJwk)} />
          </>
        )}
      </div>
    </Card>
  );
}
