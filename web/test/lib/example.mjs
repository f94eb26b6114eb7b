// Starts an app of web/examples as its README says, on a free port, with the broker of a demo behind it.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startDemo } from './demo.mjs';
import { withPackage } from './packed.mjs';

/** Builds the app with the packed package, if it has to be built, and serves it. */
export async function startExample(name) {
  const folder = withPackage(join('examples', name));
  const env = { ...process.env, NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1' };
  delete env.NODE_ENV;
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (scripts.build)
    execFileSync('npm', ['run', 'build'], { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' });
  const port = await freePort();
  const world = await startDemo('--origin', `http://localhost:${port}`);
  const server = await serve(folder, {
    ...env,
    PORT: String(port),
    BROKER: world.broker,
    BANK: world.bank,
  });
  const stop = async () => {
    await server.stop();
    await world.stop();
  };
  return { ...world, folder, stop };
}

/** What npm has locked for the package: its file, and no sum, for that changes with each build. */
export function locked(folder) {
  const file = join(folder, 'package-lock.json');
  if (!existsSync(file)) throw new Error(`${file} is missing`);
  return JSON.parse(readFileSync(file, 'utf8')).packages['node_modules/bankconnect'];
}

/** `npm start`, until it has said where it answers. */
async function serve(folder, env) {
  const child = spawn('npm', ['start'], { cwd: folder, env, detached: true });
  const gone = new Promise((done) => child.once('close', done));
  let said = '';
  await new Promise((ready, failed) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        said += text;
        if (/localhost:\d+/.test(said) && (!said.includes('Next.js') || /Ready/.test(said)))
          ready();
      });
    }
    child.once('close', (code) => failed(new Error(`npm start ended with ${code}: ${said}`)));
  });
  const stop = async () => {
    if (child.exitCode === null) process.kill(-child.pid, 'SIGKILL'); // npm and what it has started
    await gone;
  };
  return { stop };
}

async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
