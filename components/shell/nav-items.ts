import {
  Bot,
  Cable,
  Crosshair,
  DoorOpen,
  Gauge,
  Inbox,
  KeyRound,
  ListChecks,
  type LucideIcon,
  Milestone,
  OctagonX,
  Repeat,
  Scale,
  ScrollText,
  Server,
  Settings,
  Siren,
  Swords,
  Users,
} from 'lucide-react';

export type NavItem = {
  readonly href: string;
  readonly text: string;
  readonly Icon: LucideIcon;
  /** The second key after `g`. */
  readonly key: string;
};
export type NavGroup = { readonly heading: string | null; readonly items: readonly NavItem[] };

/** Every place of the console, in the order of the sidebar. Only what exists stands here. */
export const NAV_GROUPS: readonly NavGroup[] = [
  {
    heading: null,
    items: [
      { href: '/', text: 'Overview', Icon: Gauge, key: 'o' },
      { href: '/approvals', text: 'Approvals', Icon: Inbox, key: 'i' },
      { href: '/grants', text: 'Grants', Icon: Repeat, key: 'r' },
    ],
  },
  {
    heading: 'Registry',
    items: [
      { href: '/servers', text: 'Servers', Icon: Server, key: 's' },
      { href: '/agents', text: 'Agents', Icon: Bot, key: 'a' },
      { href: '/credentials', text: 'Credentials', Icon: KeyRound, key: 'c' },
      { href: '/egress', text: 'Egress', Icon: Cable, key: 'e' },
    ],
  },
  {
    heading: 'Control',
    items: [
      { href: '/policies', text: 'Policies', Icon: Scale, key: 'p' },
      { href: '/exceptions', text: 'Exceptions', Icon: DoorOpen, key: 'x' },
      { href: '/kill-switch', text: 'Kill switch', Icon: OctagonX, key: 'w' },
    ],
  },
  {
    heading: 'Evidence',
    items: [
      { href: '/audit', text: 'Audit', Icon: ScrollText, key: 'l' },
      { href: '/incidents', text: 'Incidents', Icon: Siren, key: 'n' },
      { href: '/calibration', text: 'Calibration', Icon: Crosshair, key: 'b' },
      { href: '/red-team', text: 'Red team', Icon: Swords, key: 't' },
    ],
  },
  {
    heading: 'House',
    items: [
      { href: '/welcome', text: 'First hour', Icon: ListChecks, key: 'h' },
      { href: '/rollout', text: 'Rollout', Icon: Milestone, key: 'm' },
      { href: '/people', text: 'People', Icon: Users, key: 'u' },
      { href: '/settings', text: 'Settings', Icon: Settings, key: ',' },
    ],
  },
];

/** Whether a place is where the reader is: itself or something inside it. */
export function isCurrent(href: string, pathname: string): boolean {
  return href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`);
}
