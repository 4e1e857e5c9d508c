import type { Command } from 'commander';
import { deliveriesQuerySchema } from '#lib/contracts/notifications.ts';
import { listChannels } from '#lib/server/notifications/channel-view.ts';
import { listDeliveries, resendDelivery } from '#lib/server/notifications/deliveries.ts';
import { testChannel } from '#lib/server/notifications/test-channel.ts';
import type { Cli } from '../cli.ts';
import type { Host } from '../host.ts';
import { done, EXIT, failed, type Outcome, refused } from '../outcome.ts';
import { shortTime, tableOr } from '../table.ts';

/** Channels are made in the console: their secrets are typed there, and a webhook's is shown there once. */
export function addNotifications(program: Command, cli: Cli): void {
  const notifications = program.command('notifications').description('how people are told, and what became of it');
  notifications
    .command('channels')
    .description('the channels, whether the allowlist covers them, and how they do')
    .action(() => cli.onHost(channels));
  notifications
    .command('test')
    .description('send a test through a channel')
    .argument('<name>')
    .option('--to <email>', 'web push and e-mail: to whom')
    .action((name: string, options: { to?: string }) => cli.onHost((host) => test(host, name, options.to)));
  notifications
    .command('deliveries')
    .description('what was sent, waits or was given up, newest first')
    .option('--state <state>', 'waiting, sending, delivered, collapsed, dropped or dead')
    .option('--limit <n>', 'how many', '50')
    .action((options: { state?: string; limit: string }) => cli.onHost((host) => deliveries(host, options)));
  notifications
    .command('resend')
    .description('try again what was given up')
    .argument('<id>')
    .action((id: string) => cli.onHost((host) => resend(host, id)));
}

async function channels(host: Host): Promise<Outcome> {
  const list = await listChannels(host.prisma, host, host.actor);
  const rows = list.items.map((one) => [
    one.name,
    one.kind,
    one.enabled ? 'on' : 'off',
    one.egress.some((entry) => entry.listed) ? 'listed' : 'not on the allowlist',
    String(one.health.waiting),
    String(one.health.dead),
    one.health.lastDeliveredAt === null ? '-' : shortTime(one.health.lastDeliveredAt),
    one.health.lastError ?? '-',
  ]);
  const heads = ['NAME', 'KIND', 'STATE', 'EGRESS', 'WAITING', 'DEAD', 'DELIVERED', 'LAST ERROR'];
  return done(list, tableOr('There are no channels.', heads, rows));
}

async function test(host: Host, name: string, to: string | undefined): Promise<Outcome> {
  const row = await host.prisma.notificationChannel.findUnique({ where: { name }, select: { id: true } });
  if (row === null) return refused({ code: 'not-found', detail: `There is no channel ${name}.` });
  const tested = await testChannel(host, host.actor, row.id, to);
  if (!tested.ok) return refused(tested.error);
  return tested.value.ok
    ? done(tested.value, [tested.value.detail])
    : failed(EXIT.refused, 'not-delivered', tested.value.detail);
}

async function deliveries(host: Host, options: { state?: string; limit: string }): Promise<Outcome> {
  const query = deliveriesQuerySchema.safeParse(options);
  if (!query.success) return failed(EXIT.usage, 'usage', 'The state or the limit is not one that there is.');
  const page = await listDeliveries(host.prisma, query.data);
  const rows = page.items.map((one) => [
    one.id,
    shortTime(one.createdAt),
    one.channel,
    one.recipient ?? '-',
    one.state,
    String(one.attempts),
    one.title,
    one.why ?? '-',
  ]);
  const heads = ['ID', 'MADE', 'CHANNEL', 'TO', 'STATE', 'TRIES', 'TITLE', 'WHY'];
  return done(page, tableOr('Nothing was to be told.', heads, rows));
}

async function resend(host: Host, id: string): Promise<Outcome> {
  if (!/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(id)) return refused({ code: 'not-found' });
  const sent = await resendDelivery(host, host.actor, id);
  return sent.ok ? done(sent.value, ['It will be tried again now.']) : refused(sent.error);
}
