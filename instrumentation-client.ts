// Runs in the browser before any other code of ours.
declare global {
  interface Window {
    readonly trustedTypes?: {
      createPolicy(name: string, rules: { readonly createScriptURL: (url: string) => string }): unknown;
    };
  }
}

/** Where the build's own chunks lie, and nothing that anybody else could put a file into. */
const CHUNKS = '/_next/static/';
/** The one script that a page may hand over to run beside it. */
const SERVICE_WORKER = '/sw.js';

// The bundler's runtime loads the code of the next page by giving a script element its address as plain text. The
// console's policy lets that through here only: an address that attacker text made is none of our chunks.
window.trustedTypes?.createPolicy('default', {
  createScriptURL: (address) => {
    const url = new URL(address, window.location.href);
    const isOurs = url.pathname.startsWith(CHUNKS) || (url.pathname === SERVICE_WORKER && url.search === '');
    if (url.origin === window.location.origin && isOurs) return address;
    throw new TypeError('A script from elsewhere was refused.');
  },
});

export {};
