// Server-only. `requestState`: what a stateless client carries from one leg of a held call to the next.
import { hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { open, seal } from '../keys/seal.ts';

/** Everything the next leg must agree with. */
export type RequestState = {
  /** Random; redeemed once. */
  readonly id: string;
  readonly agentId: string;
  /** The path asked for: "/mcp" or "/mcp/<server>". */
  readonly target: string;
  readonly method: string;
  readonly server: string;
  readonly tool: string;
  readonly argsHash: string;
  readonly requestId: string;
  readonly callId: string;
  /** How many of these the client has been given, this one included. */
  readonly round: number;
  readonly expiresAt: string;
};

export type RequestStates = {
  /** Makes the text for the next leg. */
  write(state: Omit<RequestState, 'id'>): string;
  /** What it says, or null when it is not one that this installation wrote. */
  read(text: string): RequestState | null;
};

const PLACE = 'mcp-request-state/v1';
const MOST_CHARS = 4_096;
const SHAPE = z.strictObject({
  id: z.string(),
  agentId: z.string(),
  target: z.string(),
  method: z.string(),
  server: z.string(),
  tool: z.string(),
  argsHash: z.string(),
  requestId: z.string(),
  callId: z.string(),
  round: z.number().int().min(1),
  expiresAt: z.iso.datetime(),
});

/**
 * Makes the codec. The text passes through the client, so it is an attacker's: AES-256-GCM under a key of its own, from
 * the master key, which every gateway of the installation has. Reading proves who wrote it, nothing more; agent, call,
 * age and single use are for the caller to check.
 */
export function createRequestStates(masterKey: Uint8Array): RequestStates {
  const key = Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), 'countersign/mcp-request-state/v1', 32));
  return {
    write: (state) => {
      const whole: RequestState = { id: randomBytes(16).toString('base64url'), ...state };
      return seal(key, JSON.stringify(whole), PLACE).toString('base64url');
    },
    read: (text) => {
      if (text.length > MOST_CHARS) return null;
      try {
        return SHAPE.parse(JSON.parse(open(key, Buffer.from(text, 'base64url'), PLACE).toString('utf8')));
      } catch {
        return null;
      }
    },
  };
}
