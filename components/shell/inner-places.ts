/** A page that the palette finds. */
export type Place = { readonly href: string; readonly text: string; readonly note: string };

/** Pages inside pages, which the sidebar does not name. */
export const INNER_PLACES: readonly Place[] = [
  { href: '/approvals?folder=mine', text: 'Requests of my agents', note: 'Approvals' },
  { href: '/approvals?folder=history', text: 'Decided requests', note: 'Approvals' },
  { href: '/policies/edit', text: 'Edit the policy', note: 'Policies' },
  { href: '/settings/notifications', text: 'My notifications', note: 'Settings' },
  { href: '/settings/shortcuts', text: 'Keyboard shortcuts', note: 'Settings' },
  { href: '/settings/groups', text: 'Roles and groups', note: 'Settings' },
  { href: '/settings/sign-in', text: 'Sign-in and SSO', note: 'Settings' },
  { href: '/settings/channels', text: 'Notification channels and on-call', note: 'Settings' },
  { href: '/settings/exceptions', text: 'Undo and break-glass', note: 'Settings' },
  { href: '/settings/retention', text: 'Retention of arguments', note: 'Settings' },
  { href: '/settings/keys', text: 'Keys', note: 'Settings' },
  { href: '/settings/about', text: 'About: version, licences, health', note: 'Settings' },
  { href: '/docs', text: 'Documentation', note: 'Help' },
];
