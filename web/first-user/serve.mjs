// What stands before the broker in production: it serves the app, and passes /bank/ on unchanged.
//
// node serve.mjs [PORT [BROKER]]: 4200 and http://127.0.0.1:4300 if left out.

import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

const [port = '4200', broker = 'http://127.0.0.1:4300'] = process.argv.slice(2);
const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** The file of a path; the page that the bank sends people back to is the page itself. */
function file(path) {
  if (path === '/' || path === '/callback') return new URL('index.html', import.meta.url);
  const inPackage = path.startsWith('/bankconnect/');
  return new URL(
    inPackage ? `../../crates/browser/pkg/${path.slice(13)}` : `.${path}`,
    import.meta.url,
  );
}

function pass(incoming, outgoing) {
  const { method, url, headers } = incoming;
  const onward = request(new URL(url, broker), { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.writeHead(502).end('the broker does not answer'));
  incoming.pipe(onward);
}

createServer(async (incoming, outgoing) => {
  const { pathname } = new URL(incoming.url, 'http://localhost');
  if (pathname.startsWith('/bank/')) return pass(incoming, outgoing);
  try {
    const found = file(pathname);
    const content = await readFile(found);
    outgoing.writeHead(200, {
      'content-type': types[extname(fileURLToPath(found))] ?? 'text/plain',
    });
    outgoing.end(content);
  } catch {
    outgoing.writeHead(404).end('not found');
  }
})
  .on('error', (error) => {
    console.error(`port ${port}: ${error.code}; name another one: node serve.mjs PORT [BROKER]`);
    process.exit(1);
  })
  .listen(Number(port), '127.0.0.1', () => console.log(`http://localhost:${port}`));
