// Serves the app and passes /bank on to the broker, as nginx or Caddy would do in production.
//
// In the environment: PORT (8080), BROKER and BANK (those of `./just demo`).

import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { extname } from 'node:path';

const { PORT = '8080', BROKER = 'http://127.0.0.1:4200' } = process.env;
const { BANK = 'http://127.0.0.1:4201' } = process.env; // a signing may begin with a form that is posted there
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
};
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; " +
    `img-src 'self' data:; base-uri 'none'; form-action 'self' ${BANK}; frame-ancestors 'none'; ` +
    "require-trusted-types-for 'script'; trusted-types 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

createServer(async (incoming, outgoing) => {
  const { pathname, search } = new URL(incoming.url, 'http://localhost');
  if (pathname.startsWith('/bank/')) return toBroker(pathname + search, incoming, outgoing);
  try {
    const file = fileOf(pathname);
    const body = await readFile(file);
    outgoing.writeHead(200, { ...HEADERS, 'content-type': TYPES[extname(file.pathname)] });
    outgoing.end(body);
  } catch {
    outgoing.writeHead(404, HEADERS).end('not found');
  }
}).listen(Number(PORT), 'localhost', () => console.log(`http://localhost:${PORT}`));

/** Our pages are in `public`, the package where npm has put it. */
function fileOf(path) {
  const page = { '/': '/index.html', '/callback': '/callback.html' }[path] ?? path;
  const folder = page.startsWith('/bankconnect/') ? './node_modules' : './public';
  return new URL(folder + page, import.meta.url);
}

/** Nothing is changed on the way: the broker checks `Origin`, and its cookie goes to the page. */
function toBroker(path, incoming, outgoing) {
  const { method, headers } = incoming;
  const onward = request(new URL(path, BROKER), { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.headersSent || outgoing.writeHead(502).end('no broker'));
  incoming.pipe(onward);
}
