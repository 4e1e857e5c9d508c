// Server-only. What one person wants to be told of. Everybody has their own; nobody reads or sets another's.
import {
  type PreferencesInput,
  type Preferences as PreferencesView,
  preferencesInputSchema,
} from '#lib/contracts/preferences.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { DEFAULT_PREFERENCES, type Preferences } from '#lib/core/notifications/preferences.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { storedConfigSchema } from './channel-rows.ts';

export async function readPreferences(tx: Tx, principal: HumanPrincipal): Promise<PreferencesView> {
  const own = (await preferencesOf(tx, [principal.id])).get(principal.id) ?? DEFAULT_PREFERENCES;
  const channels = await tx.notificationChannel.findMany({
    where: { kind: { in: ['web-push', 'email'] }, enabled: true },
  });
  const configs = channels.map((row) => storedConfigSchema.parse(row.config));
  const push = configs.find((config) => config.kind === 'web-push');
  const orders = await tx.onCallOrder.findMany({
    where: { people: { has: principal.id } },
    select: { group: true },
    orderBy: { group: 'asc' },
  });
  return {
    chosen: own.chosen,
    quietHours: own.quietHours === null ? null : { ...own.quietHours, days: [...own.quietHours.days] },
    highBreaksThrough: own.highBreaksThrough,
    webPush: {
      available: push !== undefined,
      publicKey: push?.publicKey ?? null,
      subscriptions: await tx.pushSubscription.count({ where: { personId: principal.id } }),
    },
    email: { available: configs.some((config) => config.kind === 'email'), address: principal.email },
    onCallFor: orders.map((order) => order.group),
  };
}

/** Replaces the whole of somebody's own choice. */
export async function changePreferences(
  deps: { readonly prisma: Database; readonly keys: Keys },
  principal: HumanPrincipal,
  input: PreferencesInput,
): Promise<PreferencesView> {
  return withTx(deps.prisma, async (tx) => {
    const { chosen, quietHours, highBreaksThrough } = input;
    const values = [JSON.stringify(chosen), quietHours === null ? null : JSON.stringify(quietHours)] as const;
    await tx.$executeRaw`
      INSERT INTO notification_preferences (person_id, chosen, quiet_hours, high_breaks_through, updated_at)
      VALUES (${principal.id}::uuid, ${values[0]}::jsonb, ${values[1]}::jsonb, ${highBreaksThrough}, clock_timestamp())
      ON CONFLICT (person_id) DO UPDATE SET chosen = excluded.chosen, quiet_hours = excluded.quiet_hours,
        high_breaks_through = excluded.high_breaks_through, updated_at = excluded.updated_at`;
    await recordEvent(tx, deps.keys, {
      type: 'notification.preferences-changed',
      actor: auditActor(principal),
      detail: {
        webPush: chosenText(chosen['web-push']),
        email: chosenText(chosen.email),
        quietHours: quietHours === null ? null : `${quietHours.from}-${quietHours.to} ${quietHours.timeZone}`,
        highBreaksThrough,
      },
    });
    return readPreferences(tx, principal);
  });
}

/** What people have chosen; whoever has not is not in it. A choice that cannot be read counts as none made. */
export async function preferencesOf(tx: Tx, personIds: readonly string[]): Promise<ReadonlyMap<string, Preferences>> {
  const rows = await tx.notificationPreference.findMany({ where: { personId: { in: [...personIds] } } });
  return new Map(
    rows.flatMap(({ personId, chosen, quietHours, highBreaksThrough }) => {
      const read = preferencesInputSchema.safeParse({ chosen, quietHours, highBreaksThrough });
      return read.success ? [[personId, read.data] as const] : [];
    }),
  );
}

function chosenText(chosen: Readonly<Record<string, boolean>>): string {
  return Object.keys(chosen)
    .filter((kind) => chosen[kind])
    .join(' ');
}
