import type { Metadata } from 'next';

export const metadata: Metadata = { title: 'Approvals' };

export default function ApprovalsPage() {
  return null;
}
