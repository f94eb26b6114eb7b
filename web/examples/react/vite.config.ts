/** Passes /bank on to the broker, and sends the policy with the built app; any web server can do both. */

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const port = Number(process.env.PORT ?? 5173);
const broker = process.env.BROKER ?? 'http://127.0.0.1:4200'; // the one of `./just demo`
const bank = process.env.BANK ?? 'http://127.0.0.1:4201'; // a signing may begin with a form that is posted there
const server = { port, strictPort: true, proxy: { '/bank': broker } };

const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  `form-action 'self' ${bank}`,
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

export default defineConfig({
  plugins: [react()],
  server, // while you write; Vite's own scripts and styles are inline there, so it is without the policy
  preview: {
    ...server,
    headers: {
      'Content-Security-Policy': policy,
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    },
  },
});
