import type { Metadata } from 'next';
import { LinkForm } from '#components/auth/link-form.tsx';

export const metadata: Metadata = { title: 'Set up' };

// The token is read in the browser only: it must not be rendered into the page, cached or logged on the way.
export default function SetupPage() {
  return <LinkForm />;
}
