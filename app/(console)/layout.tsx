import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { ConsoleProviders } from '#components/providers/console-providers.tsx';
import { ConsoleShell } from '#components/shell/console-shell.tsx';
import { requirePerson } from '#lib/web/require-person.ts';

export default async function ConsoleLayout({ children }: { readonly children: ReactNode }) {
  await requirePerson((await headers()).get('x-countersign-path') ?? '/');
  return (
    <ConsoleProviders>
      <ConsoleShell>{children}</ConsoleShell>
    </ConsoleProviders>
  );
}
