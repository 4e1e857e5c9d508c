import type { ReactNode } from 'react';
import { ReviewDesk } from '#components/approvals/review-desk.tsx';

// The desk lives in the layout: moving from request to request keeps the list, its scroll position and its focus.
export default function ApprovalsLayout({ children }: { readonly children: ReactNode }) {
  return (
    <>
      <ReviewDesk />
      {children}
    </>
  );
}
