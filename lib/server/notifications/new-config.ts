// Server-only. From what an admin typed to what is stored: the public parts, and the secrets apart from them.
import { isIP } from 'node:net';
import webPush from 'web-push';
import type { ChannelConfigInput } from '#lib/contracts/channel-input.ts';
import { isOpenable, judgeAddress } from '#lib/core/egress/judge-address.ts';
import { readUrl } from '#lib/core/egress/read-url.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { isPrivateWay } from '../credentials/post-once.ts';
import { type ConfigRefusal, refuse } from '../db/config-write.ts';
import type { Channel, StoredConfig } from './channel-rows.ts';
import { type ChannelSecrets, newWebhookSecret } from './channel-secrets.ts';

export type NewConfig = {
  readonly config: StoredConfig;
  readonly secrets: ChannelSecrets;
  /** A signing secret that was made just now, to be shown once. */
  readonly shown: string | null;
};

const SLACK_API = 'https://slack.com';

/**
 * What is stored for an input. A secret that the input leaves out stays as it was, but never goes to another address: then
 * it must be given again, or whoever may edit a channel could have its secret sent to a server of their own.
 *
 * Refuses what would send a secret or a message without TLS to anything but this machine or a private network.
 */
export function newConfig(input: ChannelConfigInput, before: Channel | null): Result<NewConfig, ConfigRefusal> {
  if (before !== null && before.config.kind !== input.kind) {
    return refuse('invalid-request', 'config.kind: a channel stays of its kind');
  }
  switch (input.kind) {
    case 'web-push':
      return ok(webPushConfig(input, before));
    case 'email':
      return emailConfig(input, before);
    case 'slack':
      return slackConfig(input, before);
    case 'webhook':
      return webhookConfig(input, before);
  }
}

type InputOf<K extends ChannelConfigInput['kind']> = Extract<ChannelConfigInput, { kind: K }>;
type Made = Result<NewConfig, ConfigRefusal>;

/** The key pair is made once: every browser's subscription is bound to its public half. */
function webPushConfig({ contact }: InputOf<'web-push'>, before: Channel | null): NewConfig {
  if (before?.config.kind === 'web-push' && before.secrets.kind === 'web-push') {
    return { config: { ...before.config, contact }, secrets: before.secrets, shown: null };
  }
  const { publicKey, privateKey } = webPush.generateVAPIDKeys();
  return {
    config: { kind: 'web-push', contact, publicKey },
    secrets: { kind: 'web-push', privateKey },
    shown: null,
  };
}

function emailConfig(input: InputOf<'email'>, before: Channel | null): Made {
  const { kind, host, port, tls, username, from, perPersonPerHour } = input;
  const was = before?.config.kind === 'email' ? before.config : null;
  const kept = before?.secrets.kind === 'email' ? before.secrets.password : null;
  const isSame = was !== null && was.host === host && was.port === port && was.username === username;
  if (username !== null && input.password === undefined && (kept === null || !isSame)) {
    return refuse('invalid-request', 'config.password: give it with the user name, and again for another server');
  }
  if (username === null && input.password !== undefined) {
    return refuse('invalid-request', 'config.username: a password needs one');
  }
  if (tls === 'none' && (username !== null || !isNearby(host))) {
    return refuse('invalid-request', 'config.tls: without TLS only to a private address, and without a password');
  }
  const password = username === null ? null : (input.password ?? kept);
  return ok({
    config: { kind, host, port, tls, username, from, perPersonPerHour },
    secrets: { kind, password },
    shown: null,
  });
}

/** A name may resolve to anything: only an address, or localhost, is known to stay near. */
function isNearby(host: string): boolean {
  if (host === 'localhost') return true;
  return isIP(host) !== 0 && !judgeAddress(host).public && isOpenable(host);
}

function slackConfig(input: InputOf<'slack'>, before: Channel | null): Made {
  const kept = before?.secrets.kind === 'slack' ? before.secrets : null;
  const signingSecret = input.signingSecret ?? kept?.signingSecret ?? null;
  if (input.webhookUrl !== undefined && input.botToken !== undefined) {
    return refuse('invalid-request', 'config: either an incoming webhook or a bot token');
  }
  const botToken = input.botToken ?? (input.webhookUrl === undefined ? (kept?.botToken ?? null) : null);
  if (botToken !== null) {
    const was = before?.config.kind === 'slack' ? before.config.channel : null;
    const channel = input.channel ?? was;
    if (channel === null) return refuse('invalid-request', 'config.channel: a bot needs one to write to');
    return ok({
      config: { kind: 'slack', via: 'bot', origin: SLACK_API, channel },
      secrets: { kind: 'slack', webhookUrl: null, botToken, signingSecret },
      shown: null,
    });
  }
  const webhookUrl = input.webhookUrl ?? kept?.webhookUrl ?? null;
  if (webhookUrl === null) return refuse('invalid-request', 'config: an incoming webhook or a bot token is needed');
  const judged = usableUrl(webhookUrl, 'webhookUrl');
  if (!judged.ok) return judged;
  return ok({
    config: { kind: 'slack', via: 'webhook', origin: judged.value, channel: null },
    secrets: { kind: 'slack', webhookUrl, botToken: null, signingSecret },
    shown: null,
  });
}

function webhookConfig({ url }: InputOf<'webhook'>, before: Channel | null): Made {
  const judged = usableUrl(url, 'url');
  if (!judged.ok) return judged;
  const kept = before?.secrets.kind === 'webhook' ? before.secrets : null;
  const secret = kept?.secret ?? newWebhookSecret();
  return ok({
    config: { kind: 'webhook', origin: judged.value },
    secrets: { kind: 'webhook', url, secret, previous: kept?.previous ?? null },
    shown: kept === null ? secret : null,
  });
}

/** The origin of an address that a message may go to. */
function usableUrl(url: string, field: string): Result<string, ConfigRefusal> {
  const read = readUrl(url);
  if (!read.ok) return refuse('invalid-request', `config.${field}: ${read.error}`);
  if (!isPrivateWay(url)) return refuse('invalid-request', `config.${field}: https, or this very machine`);
  return ok(new URL(url).origin);
}
