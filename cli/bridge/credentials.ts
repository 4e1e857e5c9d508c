// How this bridge proves which agent it speaks for.
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { isJsonObject, type JsonObject, ownValue } from '#lib/core/json/value.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { readSecretFile } from './secret-file.ts';
import { parseJson } from './wire.ts';

export type Credentials =
  | { readonly kind: 'static'; readonly token: string }
  | { readonly kind: 'secret'; readonly clientId: string; readonly clientSecret: string }
  | { readonly kind: 'key'; readonly clientId: string; readonly key: KeyObject; readonly kid: string | null };

/** Where they lie. Exactly one of the three ways. */
export type CredentialFiles = {
  readonly tokenFile?: string;
  readonly clientId?: string;
  readonly clientSecretFile?: string;
  readonly keyFile?: string;
};

/** The way that was chosen, or what is wrong with the choice. */
export function judgeFiles(files: CredentialFiles): string | null {
  const { tokenFile, clientId, clientSecretFile, keyFile } = files;
  const ways = [tokenFile, clientSecretFile, keyFile].filter((one) => one !== undefined).length;
  if (ways !== 1) return 'Give exactly one of --token-file, --client-secret-file and --key-file.';
  if (clientSecretFile !== undefined && clientId === undefined) return '--client-secret-file needs --client-id.';
  return null;
}

/** The file whose change means other credentials. */
export function fileOf(files: CredentialFiles): string {
  return files.tokenFile ?? files.clientSecretFile ?? files.keyFile ?? '';
}

/**
 * Reads the credentials anew. A token file may hold a token, or the JSON that `agents create --save` writes, with the
 * client's id and its secret or private key.
 */
export function readCredentials(files: CredentialFiles): Result<Credentials, string> {
  const path = fileOf(files);
  const file = readSecretFile(path);
  if (!file.ok) return file;
  const { content } = file.value;
  const { clientId } = files;
  const json = content.startsWith('{') ? parseJson(content) : undefined;
  if (files.clientSecretFile !== undefined && clientId !== undefined && json === undefined) {
    return content === '' ? err(`${path} is empty.`) : ok({ kind: 'secret', clientId, clientSecret: content });
  }
  if (files.keyFile !== undefined) return readKey(path, content, json, clientId);
  if (isJsonObject(json)) return fromSaved(path, json, clientId);
  return /^[\x21-\x7e]{8,4000}$/.test(content)
    ? ok({ kind: 'static', token: content })
    : err(`${path} does not hold a token, nor the JSON of "agents create --save".`);
}

function fromSaved(path: string, saved: JsonObject, given: string | undefined): Result<Credentials, string> {
  const clientId = ownValue(saved, 'clientId') ?? given;
  const clientSecret = ownValue(saved, 'clientSecret');
  if (typeof clientId !== 'string') return err(`${path} names no clientId.`);
  if (typeof clientSecret === 'string') return ok({ kind: 'secret', clientId, clientSecret });
  const key = ownValue(saved, 'privateKey') ?? ownValue(saved, 'privateJwk');
  if (isJsonObject(key)) return keyOf(path, key, clientId);
  return err(`${path} holds neither a clientSecret nor a privateKey.`);
}

function readKey(
  path: string,
  content: string,
  json: ReturnType<typeof parseJson>,
  clientId: string | undefined,
): Result<Credentials, string> {
  if (isJsonObject(json)) {
    const isJwk = typeof ownValue(json, 'kty') === 'string';
    if (!isJwk) return fromSaved(path, json, clientId);
    return clientId === undefined ? err('--key-file needs --client-id.') : keyOf(path, json, clientId);
  }
  if (clientId === undefined) return err('--key-file needs --client-id.');
  try {
    return ok({ kind: 'key', clientId, key: createPrivateKey(content), kid: null });
  } catch {
    return err(`${path} holds no private key (PEM or JWK).`);
  }
}

function keyOf(path: string, jwk: JsonObject, clientId: string): Result<Credentials, string> {
  try {
    const kid = ownValue(jwk, 'kid');
    // The members of a JWK are strings; createPrivateKey refuses whatever is not one.
    const key = createPrivateKey({ key: { ...jwk } as Record<string, string>, format: 'jwk' });
    return ok({ kind: 'key', clientId, key, kid: typeof kid === 'string' ? kid : null });
  } catch {
    return err(`${path} holds no private key (PEM or JWK).`);
  }
}
