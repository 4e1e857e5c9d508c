import type { ClientCertificate } from '../egress/dial.ts';

/**
 * The certificate that a credential holds, or null. No kind of credential holds one yet, so an allowlist entry that names
 * one is refused at the connection: better no way out than one that the other side cannot recognise.
 */
export async function clientCertificateOf(_credentialId: string): Promise<ClientCertificate | null> {
  return null;
}
