'use client';

import type { ReactNode } from 'react';
import { TooltipProvider } from '#components/ui/tooltip.tsx';

/** What every page stands in, signed in or not. */
export function DocumentProviders({ children }: { readonly children: ReactNode }) {
  return <TooltipProvider>{children}</TooltipProvider>;
}
