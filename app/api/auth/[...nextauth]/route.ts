import { nextAuthRoute } from '#lib/web/next-auth.ts';

export { nextAuthRoute as GET, nextAuthRoute as POST };
