/** What stands before the pages: passes /bank on to the broker, and sends the policy with its nonce. */

import { type NextRequest, NextResponse } from 'next/server';

const BROKER = process.env.BROKER ?? 'http://127.0.0.1:4200'; // the one of `./just demo`
const BANK = process.env.BANK ?? 'http://127.0.0.1:4201'; // a signing may begin with a form that is posted there
const BUILT = process.env.NODE_ENV === 'production';

export const config = { matcher: '/((?!_next/).*)' };

export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl;
  if (pathname.startsWith('/bank/'))
    return NextResponse.rewrite(new URL(pathname + search, BROKER));
  const policy = policyWith(btoa(crypto.randomUUID()));
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy); // where Next finds the nonce for its inline scripts
  const response = NextResponse.next({ request: { headers } });
  // `next dev` lives on eval and inline styles
  if (BUILT) response.headers.set('content-security-policy', policy);
  response.headers.set('referrer-policy', 'no-referrer');
  response.headers.set('x-content-type-options', 'nosniff');
  return response;
}

function policyWith(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'`,
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    `form-action 'self' ${BANK}`,
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default', // see instrumentation-client.ts
  ].join('; ');
}
