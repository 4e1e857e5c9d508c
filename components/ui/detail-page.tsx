'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { problemOf } from '#lib/client/api.ts';
import { buttonClasses } from './button-classes.ts';
import { EmptyState } from './empty-state.tsx';
import { Loaded } from './loaded.tsx';
import { Page } from './page.tsx';

type DetailPageProps<T> = {
  readonly query: UseQueryResult<T>;
  /** Shown as the heading until the thing itself is there. */
  readonly title: string;
  readonly skeleton: ReactNode;
  /** What to say when there is no such thing, and where the list of them is. */
  readonly missing: string;
  readonly back: { readonly href: string; readonly text: string };
  /** False while the code that draws the thing is still on its way (later.tsx). */
  readonly arrived?: boolean;
  /** Draws the whole page, its frame included. */
  readonly children: (data: T) => ReactNode;
};

/** The page of one thing: loading, missing and refused have the same frame as the thing itself. */
export function DetailPage<T>({ query, title, skeleton, missing, back, arrived = true, children }: DetailPageProps<T>) {
  if (query.data !== undefined && arrived) {
    return (
      <Loaded query={query} skeleton={skeleton}>
        {children}
      </Loaded>
    );
  }
  const gone = query.isError && problemOf(query.error).code === 'not-found';
  return (
    <Page title={title}>
      {gone ? (
        <EmptyState
          title={missing}
          action={
            <Link href={back.href} className={buttonClasses()}>
              {back.text}
            </Link>
          }
        >
          It may have been named otherwise, or the link is wrong.
        </EmptyState>
      ) : (
        <Loaded query={query} skeleton={skeleton} arrived={arrived}>
          {() => null}
        </Loaded>
      )}
    </Page>
  );
}
