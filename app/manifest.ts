import type { MetadataRoute } from 'next';

/** How the console stands on a home screen. `id` stays, or an installed one would become another app. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    id: '/',
    name: 'Countersign',
    short_name: 'Countersign',
    description: 'Approve what your agents are about to do.',
    start_url: '/approvals',
    scope: '/',
    display: 'standalone',
    orientation: 'any',
    background_color: '#f9fafc',
    theme_color: '#2b3fb0',
    categories: ['business', 'security', 'productivity'],
    icons: [
      { src: '/icon.svg', type: 'image/svg+xml', sizes: 'any' },
      { src: '/icons/icon-192.png', type: 'image/png', sizes: '192x192' },
      { src: '/icons/icon-512.png', type: 'image/png', sizes: '512x512' },
      { src: '/icons/maskable-512.png', type: 'image/png', sizes: '512x512', purpose: 'maskable' },
      { src: '/icons/monochrome-512.png', type: 'image/png', sizes: '512x512', purpose: 'monochrome' },
    ],
    shortcuts: [
      { name: 'Approvals', url: '/approvals' },
      { name: 'Kill switch', url: '/kill-switch' },
    ],
  };
}
