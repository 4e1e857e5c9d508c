// Server-only. The proof that an enforcement point checks before it runs a tool itself.
import { SignJWT } from 'jose';
import type { TokenSigner } from '../keys/token-signing.ts';

const RECEIPT_TTL_S = 60;
const TYPE = 'countersign-receipt+jwt';

/**
 * Signs "this digest may run" for 60 seconds (JWS, EdDSA, the key set of /.well-known/jwks.json).
 *
 * Everything in it comes from the record, and the key is the one of that moment, so asking again gives the very same receipt and never a longer life: a receipt
 * that could be renewed would outlive a kill. Its type keeps it from passing as an access token.
 */
export async function signReceipt(
  call: {
    readonly id: string;
    readonly agent_id: string;
    readonly server_name: string;
    readonly tool_name: string;
    readonly digest: string;
  },
  allowedAt: Date,
  signer: { readonly signer: TokenSigner; readonly issuer: string },
): Promise<string> {
  const { kid, privateKey } = await signer.signer.at(allowedAt);
  const iat = Math.floor(allowedAt.getTime() / 1000);
  return new SignJWT({ digest: call.digest, server: call.server_name, tool: call.tool_name })
    .setProtectedHeader({ alg: 'EdDSA', typ: TYPE, kid })
    .setIssuer(signer.issuer)
    .setSubject(call.agent_id)
    .setJti(call.id)
    .setIssuedAt(iat)
    .setExpirationTime(iat + RECEIPT_TTL_S)
    .sign(privateKey);
}
