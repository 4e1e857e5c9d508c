import type { Metadata } from 'next';
import { WelcomePage } from '#components/welcome/welcome-page.tsx';

export const metadata: Metadata = { title: 'First hour' };

export default function Page() {
  return <WelcomePage />;
}
