import {
  BellRing,
  Clock,
  Fingerprint,
  Info,
  Keyboard,
  KeyRound,
  type LucideIcon,
  Megaphone,
  TimerReset,
  UserRoundCheck,
  Users,
} from 'lucide-react';

type SettingsSection = { readonly href: string; readonly text: string; readonly Icon: LucideIcon };

/** The pages of the settings: one's own first, then what holds for everybody. */
export const SECTIONS: readonly { readonly heading: string; readonly items: readonly SettingsSection[] }[] = [
  {
    heading: 'You',
    items: [
      { href: '/settings', text: 'Passkeys and sessions', Icon: Fingerprint },
      { href: '/settings/notifications', text: 'Notifications', Icon: BellRing },
      { href: '/settings/shortcuts', text: 'Shortcuts', Icon: Keyboard },
    ],
  },
  {
    heading: 'Everybody',
    items: [
      { href: '/settings/groups', text: 'Roles and groups', Icon: Users },
      { href: '/settings/sign-in', text: 'Sign-in', Icon: UserRoundCheck },
      { href: '/settings/channels', text: 'Channels and on-call', Icon: Megaphone },
      { href: '/settings/exceptions', text: 'Undo and break-glass', Icon: TimerReset },
      { href: '/settings/retention', text: 'Retention', Icon: Clock },
      { href: '/settings/keys', text: 'Keys', Icon: KeyRound },
      { href: '/settings/about', text: 'About', Icon: Info },
    ],
  },
];
