'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Card } from '#components/ui/card.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { CsvButton, type Numbers } from './csv-button.tsx';
import { NumbersFold } from './numbers-table.tsx';

type ChartCardProps<T> = {
  readonly title: string;
  /** Begins the file's name: lower case, hyphens. */
  readonly file: string;
  readonly query: UseQueryResult<T>;
  readonly numbers: (data: T) => Numbers;
  /** What to say in place of a chart that would show nothing; null = there is something. */
  readonly empty: (data: T) => string | null;
  /** `table`: what is drawn is the table already. */
  readonly drawn?: 'chart' | 'table';
  readonly children: (data: T) => ReactNode;
};

/** A chart with its title, its numbers behind a fold and as a file, and with what it says when there is nothing or it failed. */
export function ChartCard<T>(props: ChartCardProps<T>) {
  const { title, file, query, numbers, empty, drawn = 'chart', children } = props;
  const { data } = query;
  const isEmpty = data === undefined || empty(data) !== null;
  return (
    <Card
      title={title}
      aside={isEmpty ? <span className="block h-7" /> : <CsvButton name={file} numbers={() => numbers(data)} />}
      // As tall as its neighbour, with what it says in the middle.
      {...(isEmpty ? { className: 'flex flex-col [&>div]:grid [&>div]:grow' } : {})}
    >
      <Loaded query={query} skeleton={<ChartSkeleton />}>
        {(loaded) => {
          const nothing = empty(loaded);
          if (nothing !== null)
            return <p className="grid min-h-48 place-items-center px-4 text-center text-ink-3">{nothing}</p>;
          return (
            <>
              {children(loaded)}
              {drawn === 'chart' && <NumbersFold caption={title} numbers={numbers(loaded)} />}
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

/** As tall as a chart with its legend and fold, so that nothing moves when it comes. */
function ChartSkeleton() {
  return <Skeleton className="h-56 rounded-md" />;
}
