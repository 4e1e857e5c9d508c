import type { Metadata } from 'next';

export const metadata: Metadata = { title: 'Request' };

export default function ApprovalPage() {
  return null;
}
