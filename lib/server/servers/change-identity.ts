import { endOpenRequests } from '../approvals/end-open-requests.ts';
import type { ConfigWrite } from '../db/config-write.ts';
import type { Server } from '../generated/prisma/client.ts';

/** Another address or command: what the server is from now on. */
export type NewIdentity = { readonly url?: string; readonly configHash: string };

/**
 * Points a server elsewhere. Another address is another server, whatever its name says: every pin is void, so each tool is
 * uncallable until a scan has read it again and a human has accepted it, and open requests end. The old definitions stay
 * for the diff. Assumes that the server's row is locked and that the caller records the event and bumps the version.
 */
export async function changeIdentity(write: ConfigWrite, server: Server, identity: NewIdentity): Promise<void> {
  const { tx, keys, actor, now } = write;
  await tx.server.update({
    where: { id: server.id },
    data: {
      configHash: identity.configHash,
      ...(identity.url === undefined ? {} : { url: identity.url }),
      updatedAt: now,
    },
  });
  await tx.tool.updateMany({
    where: { serverId: server.id, acceptedDigest: { not: null } },
    data: { acceptedDigest: null, acceptedBy: null, acceptedAt: null, pinState: 'drifted' },
  });
  await endOpenRequests(tx, keys, actor, { kind: 'server-changed', serverId: server.id });
}
