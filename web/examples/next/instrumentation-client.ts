/** Runs before the app: Turbopack loads further scripts by plain addresses, which Trusted Types refuse without this. */

const SCRIPTS = '/_next/static/';

// not in the types of TypeScript yet
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(address: string): string | null }): void;
}
const { trustedTypes } = window as { trustedTypes?: TrustedTypes };

// The policy `default` is asked for each address of a script. Those of the build may pass, no other.
trustedTypes?.createPolicy('default', {
  createScriptURL: (address) => {
    const { origin, pathname } = new URL(address, location.href);
    return origin === location.origin && pathname.startsWith(SCRIPTS) ? address : null;
  },
});
