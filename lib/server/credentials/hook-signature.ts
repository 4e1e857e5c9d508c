// Server-only. Standard Webhooks: how a receiver knows that it is us who ask for the next secret.
import { createHmac } from 'node:crypto';

const LABEL = 'countersign/rotation-hook/v1\n';

/** The signing secret of one credential's hook, in the form that receivers' libraries take. Derived, so nothing is stored. */
export function hookSecretOf(keys: { readonly masterKey: Uint8Array }, credentialId: string): string {
  return `whsec_${hookKey(keys, credentialId).toString('base64')}`;
}

/** The three headers of a signed delivery. The id stays the same for a delivery that is made again. */
export function signHook(
  keys: { readonly masterKey: Uint8Array },
  delivery: { readonly credentialId: string; readonly id: string; readonly atS: number; readonly body: string },
): Readonly<Record<string, string>> {
  const { credentialId, id, atS, body } = delivery;
  const mac = createHmac('sha256', hookKey(keys, credentialId)).update(`${id}.${atS}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(atS), 'webhook-signature': `v1,${mac}` };
}

function hookKey(keys: { readonly masterKey: Uint8Array }, credentialId: string): Buffer {
  return createHmac('sha256', keys.masterKey).update(`${LABEL}${credentialId}`).digest();
}
