import type { ReactNode } from 'react';
import { Brand } from '#components/shell/brand.tsx';

/** The frame of the pages before sign-in: the name, one card, nothing to click that leads away. */
export function AuthFrame({ children }: { readonly children: ReactNode }) {
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-[23rem]">
        <div className="mb-5 flex justify-center">
          <Brand />
        </div>
        <div className="rounded-xl border bg-panel p-5 shadow-lift sm:p-6">{children}</div>
      </div>
    </main>
  );
}

/** The heading of such a card. */
export function AuthHeading({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="mb-4">
      <h1 className="font-semibold text-lg tracking-tight">{title}</h1>
      {children !== undefined && <p className="mt-1 text-ink-2">{children}</p>}
    </div>
  );
}
