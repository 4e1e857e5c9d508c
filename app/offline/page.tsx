import { RotateCw, WifiOff } from 'lucide-react';
import type { Metadata } from 'next';
import { AuthFrame } from '#components/auth/auth-frame.tsx';
import { OfflineNotice } from '#components/notifications/offline-notice.tsx';
import { buttonClasses } from '#components/ui/button-classes.ts';

export const metadata: Metadata = { title: 'Not reachable' };

/** Kept by the service worker and shown when the server is away. It holds nothing that anybody may not see. */
export default function OfflinePage() {
  return (
    <AuthFrame>
      <OfflineNotice icon={<WifiOff aria-hidden="true" className="size-5" />}>
        {/* The page that was asked for: this one stands at its address. */}
        <a href="?" className={`${buttonClasses('primary', 'lg')} w-full`}>
          <RotateCw aria-hidden="true" className="size-4" />
          Try again
        </a>
      </OfflineNotice>
    </AuthFrame>
  );
}
