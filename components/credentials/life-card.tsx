'use client';

import { AgeRing, AgeWords } from '#components/ui/age-ring.tsx';
import { Card } from '#components/ui/card.tsx';
import { cx } from '#components/ui/class-names.ts';
import { When } from '#components/ui/when.tsx';
import { plural } from '#lib/client/format.ts';
import { formatAbsolute } from '#lib/client/time.ts';
import { useNow } from '#lib/client/use-now.ts';
import type { CredentialView } from '#lib/contracts/credentials.ts';
import { ENDED_NEXT, WHY_AN_END } from './credential-words.ts';
import { lifeLine, type Mark } from './life-line.ts';

/** The clock of one credential, large, and its life as a line. */
export function LifeCard({ credential }: { readonly credential: CredentialView }) {
  const { createdAt, endsAt, status, migrationOnly } = credential;
  return (
    <Card>
      <div className="flex items-center gap-4 sm:gap-5">
        <AgeRing since={createdAt} endsAt={endsAt} size="lg" />
        <div className="min-w-0 flex-1">
          <p className="text-lg">
            <AgeWords since={createdAt} endsAt={endsAt} />
          </p>
          <p className="text-ink-2">
            {endsAt === null
              ? 'It has no end of its own; what it mints lives for minutes.'
              : status === 'ended'
                ? ENDED_NEXT
                : 'Then it is a hard stop: nothing is sent with it any more.'}
          </p>
          {migrationOnly && status !== 'ended' && <p className="mt-1 text-ink-3 text-xs">{WHY_AN_END}</p>}
        </div>
      </div>
      <Line credential={credential} />
    </Card>
  );
}

const MARK_LOOKS: Readonly<Record<Mark['kind'], string>> = {
  version: 'h-3.5 w-1 rounded-full bg-accent',
  reminder: 'size-2 rounded-full border-2 border-medium bg-panel',
  rotation: 'size-2.5 rotate-45 border-2 border-accent bg-panel',
};

function Line({ credential }: { readonly credential: CredentialView }) {
  const now = useNow();
  const line = now === 0 ? null : lifeLine(credential, now);
  if (line === null) return null;
  const over = line.today === 1;
  const kinds = new Set(line.marks.map(({ kind }) => kind));
  return (
    <figure className="mt-4">
      <div aria-hidden="true" className="relative h-4">
        <span className="forced-border absolute inset-x-0 top-1/2 h-1.5 -translate-y-1/2 overflow-hidden rounded-full bg-line">
          <span
            className={cx('block h-full', over ? 'bg-high' : 'bg-line-control')}
            style={{ width: `${line.today * 100}%` }}
          />
        </span>
        {line.marks.map(({ at, kind, text }) => (
          <span
            key={`${text} ${at}`}
            title={text}
            className={cx('absolute top-1/2 -translate-x-1/2 -translate-y-1/2', MARK_LOOKS[kind])}
            style={{ left: `${at * 100}%` }}
          />
        ))}
        {!over && (
          <span
            title="now"
            className="absolute top-1/2 h-4 w-0.5 -translate-x-1/2 -translate-y-1/2 bg-ink"
            style={{ left: `${line.today * 100}%` }}
          />
        )}
      </div>
      <figcaption className="mt-1 flex flex-wrap justify-between gap-x-4 text-ink-3 text-xs">
        <span>added {formatAbsolute(credential.createdAt).slice(0, 10)}</span>
        <span className="flex flex-wrap gap-x-4">
          {kinds.has('version') && <Legend kind="version">rotated</Legend>}
          {kinds.has('reminder') && <Legend kind="reminder">reminders</Legend>}
          {kinds.has('rotation') && <Legend kind="rotation">next rotation</Legend>}
        </span>
        <span>
          {credential.endsAt === null ? 'next rotation' : over ? 'ended' : 'ends'}{' '}
          {formatAbsolute(new Date(line.endMs).toISOString()).slice(0, 16)}
        </span>
      </figcaption>
      <p className="mt-2 text-ink-2 text-xs">
        {credential.rotatedAt === null ? 'Never rotated' : <>Rotated {<When at={credential.rotatedAt} />}</>}
        {', '}
        {plural(credential.versions.length, 'version')}
        {credential.nextRotationAt !== null && (
          <>
            , the next rotation is due <When at={credential.nextRotationAt} />
          </>
        )}
        .
      </p>
    </figure>
  );
}

function Legend({ kind, children }: { readonly kind: Mark['kind']; readonly children: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden="true" className={cx('inline-block', MARK_LOOKS[kind])} />
      {children}
    </span>
  );
}
