// Server-only. The name, and the fixed ids, under which the door knows connections through the egress proxy.

/** The reserved name; nobody may register a server under it. */
export const EGRESS_SERVER = 'egress';
/** Fixed, so that a server which somebody named "egress" before it was reserved is not taken for the built-in one. */
export const EGRESS_SERVER_ID = '00000000-0000-7000-8000-0000000e9e50';
/** A connection to a destination on the identity's own allowlist. */
export const CONNECT_TOOL = 'connect';
/** A connection to a destination that is not, where the identity's setting is to ask people first. */
export const ASK_TOOL = 'connect-unlisted';
