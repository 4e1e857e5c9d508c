// `connect <client>`: the entry written, shown, or taken back.
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { isName } from '#lib/core/servers/names.ts';
import { type CredentialFiles, judgeFiles, readCredentials } from '../bridge/credentials.ts';
import { looksLikeSecret } from '../bridge/secret-file.ts';
import { done, EXIT, failed, type Outcome } from '../outcome.ts';
import { type ClientName, jsonEntry, type Place, placeOf, sdkText, tomlEntry, type Way } from './client-entries.ts';
import { type Entries, entriesAt, jsonText, readJsonConfig, withEntries } from './edit-json.ts';
import { withBlock, withoutBlock } from './edit-toml.ts';
import { dropRecord, keepRecord, readBackup, readRecord, readText, sha256 } from './undo-record.ts';
import { writeWhole } from './write-whole.ts';

export type ConnectFlags = CredentialFiles & {
  readonly url: string;
  readonly servers: readonly string[];
  readonly aggregate?: boolean;
  readonly via: 'bridge' | 'http';
  readonly file?: string;
  readonly dryRun?: boolean;
  readonly undo?: boolean;
};

/** Where this command runs: whose configuration, and the program that an entry will start. */
export type Here = {
  readonly home: string;
  readonly directory: string;
  readonly node: string;
  readonly script: string;
};

/** Changes only entries of ours, keeps how the file was, and refuses to write into what it cannot read exactly. */
export function runConnect(client: ClientName, typed: ConnectFlags, here: Here): Outcome {
  const flags = { ...typed, ...absoluteFiles(typed, here.directory) };
  const place = placeOf(client, here.home, here.directory, flags.file);
  if (flags.undo === true) return undo(place);
  const fault = judge(flags);
  if (fault !== null) return failed(EXIT.usage, 'usage', fault);
  const ways = waysOf(flags, here);
  const hint = flags.via === 'http' ? variablesHint(ways) : [];
  switch (place.kind) {
    case 'shown':
      return done({ snippets: ways.map(sdkText) }, [...ways.map(sdkText), ...hint]);
    case 'toml':
      return connectToml(place, ways, flags, hint);
    case 'json':
      return client === 'sdk' || client === 'codex'
        ? failed(EXIT.usage, 'usage', 'This client has no JSON configuration.')
        : connectJson(place, Object.fromEntries(ways.map((way) => [way.name, jsonEntry(client, way)])), flags, hint);
  }
}

/** The client starts the bridge from wherever it runs itself. What looks like a secret stays as typed, to be refused. */
function absoluteFiles(flags: ConnectFlags, directory: string): CredentialFiles {
  const { tokenFile, clientSecretFile, keyFile } = flags;
  const at = (path: string) => (looksLikeSecret(path) ? path : resolve(directory, path));
  return {
    ...(tokenFile === undefined ? {} : { tokenFile: at(tokenFile) }),
    ...(clientSecretFile === undefined ? {} : { clientSecretFile: at(clientSecretFile) }),
    ...(keyFile === undefined ? {} : { keyFile: at(keyFile) }),
  };
}

function judge(flags: ConnectFlags): string | null {
  const { servers, aggregate, via, url } = flags;
  if (!URL.canParse(url) || new URL(url).username !== '') return '--url must be the gateway’s address.';
  if ((aggregate === true) === servers.length > 0)
    return 'Give --servers, or --aggregate for all of the agent’s servers.';
  if (servers.some((name) => !isName(name))) return 'That is not the name of a server.';
  const typed = [flags.tokenFile, flags.clientSecretFile, flags.keyFile, flags.clientId, flags.file];
  if (typed.some((one) => one !== undefined && looksLikeSecret(one))) {
    return 'Secrets do not belong into a configuration or on a command line: give a file.';
  }
  if (via === 'http') return null;
  const files = judgeFiles(flags);
  if (files !== null) return files;
  const read = readCredentials(flags);
  return read.ok ? null : read.error;
}

function waysOf(flags: ConnectFlags, here: Here): readonly Way[] {
  const origin = new URL(flags.url).origin;
  const file = (name: string, path: string | undefined) => (path === undefined ? [] : [name, path]);
  const credentials = [
    ...(flags.clientId === undefined ? [] : ['--client-id', flags.clientId]),
    ...file('--token-file', flags.tokenFile),
    ...file('--client-secret-file', flags.clientSecretFile),
    ...file('--key-file', flags.keyFile),
  ];
  const way = (name: string, path: string, what: string, variable: string): Way => ({
    name,
    url: `${origin}${path}`,
    variable,
    bridge:
      flags.via === 'http'
        ? null
        : { command: here.node, args: [here.script, 'bridge', what, '--url', origin, ...credentials] },
  });
  if (flags.aggregate === true) return [way('countersign', '/mcp', '--aggregate', 'COUNTERSIGN_TOKEN')];
  return flags.servers.map((name) =>
    way(name, `/mcp/${name}`, name, `COUNTERSIGN_TOKEN_${name.toUpperCase().replaceAll('-', '_')}`),
  );
}

function variablesHint(ways: readonly Way[]): readonly string[] {
  return ways.map((way) => `Put a token for ${way.url} into ${way.variable} of the client’s environment.`);
}

function connectJson(
  place: Extract<Place, { kind: 'json' }>,
  entries: Entries,
  flags: ConnectFlags,
  hint: readonly string[],
): Outcome {
  const now = readText(place.file);
  const config = readJsonConfig(now?.text ?? '');
  const shown = JSON.stringify(withEntries({}, place.path, entries), null, 2);
  if (!config.ok) {
    const why = `${place.file} has comments or is not plain JSON, so it was left alone. Add this by hand:`;
    return failed(EXIT.refused, 'not-plain-json', why, shown);
  }
  const names = Object.keys(entries);
  const found = entriesAt(config.value, place.path, names);
  const text = jsonText(withEntries(config.value, place.path, entries), now?.text ?? '');
  return write(place.file, now, text, found, { flags, shown, hint });
}

function connectToml(
  place: Extract<Place, { kind: 'toml' }>,
  ways: readonly Way[],
  flags: ConnectFlags,
  hint: readonly string[],
): Outcome {
  const now = readText(place.file);
  const tables = ways.map(tomlEntry);
  const names = ways.map((way) => way.name);
  const text = withBlock(now?.text ?? '', tables, names);
  if (!text.ok) {
    const why = `${place.file} has a table [mcp_servers.${text.error}] of its own: remove it first.`;
    return failed(EXIT.refused, 'already-there', why);
  }
  const none = Object.fromEntries(names.map((name) => [name, null]));
  return write(place.file, now, text.value, none, { flags, shown: tables.join('\n\n'), hint });
}

function write(
  file: string,
  now: { readonly text: string; readonly mode: number } | null,
  text: string,
  found: Entries,
  more: { readonly flags: ConnectFlags; readonly shown: string; readonly hint: readonly string[] },
): Outcome {
  const replaced = Object.entries(found).flatMap(([name, entry]) => (entry === null ? [] : [name]));
  const data = { file, entries: Object.keys(found), replaced, dryRun: more.flags.dryRun === true };
  const also = replaced.length === 0 ? [] : [`It takes the place of: ${replaced.join(', ')}.`];
  if (more.flags.dryRun === true) {
    return done(data, [`Nothing was written. ${file} would get:`, more.shown, ...also, ...more.hint]);
  }
  const earlier = readRecord(file);
  keepRecord(file, earlier === null ? (now?.text ?? null) : null, {
    version: 1,
    wrote: sha256(text),
    existed: earlier?.existed ?? now !== null,
    // Typed as JSON by the schema; what was found was read as JSON.
    previous: JSON.parse(JSON.stringify({ ...found, ...earlier?.previous })),
  });
  writeWhole(file, text, now?.mode ?? 0o600);
  return done(data, [`Wrote ${file}:`, more.shown, ...also, ...more.hint, 'connect … --undo takes it back.']);
}

/** Back to how it was: byte for byte if nobody has changed the file since, otherwise our entries only. */
function undo(place: Place): Outcome {
  if (place.kind === 'shown') return done({ undone: false }, ['Nothing was written for this client.']);
  const { file } = place;
  const record = readRecord(file);
  if (record === null) return failed(EXIT.refused, 'nothing-to-undo', `Nothing was connected in ${file}.`);
  const now = readText(file);
  if (now === null) {
    dropRecord(file);
    return done({ file, undone: true }, [`${file} is gone; there was nothing to take back.`]);
  }
  if (sha256(now.text) === record.wrote) {
    const backup = readBackup(file);
    if (backup !== null) writeWhole(file, backup, now.mode);
    else if (!record.existed) rmSync(file);
  } else if (place.kind === 'toml') {
    writeWhole(file, withoutBlock(now.text), now.mode);
  } else {
    const config = readJsonConfig(now.text);
    if (!config.ok)
      return failed(EXIT.refused, 'not-plain-json', `${file} is not plain JSON any more: take it back by hand.`);
    writeWhole(file, jsonText(withEntries(config.value, place.path, record.previous), now.text), now.mode);
  }
  dropRecord(file);
  return done({ file, undone: true }, [`${file} is as it was before.`]);
}
