// Chromium: the app without a bundler (web/examples/plain).

import { testExample } from './lib/example-tests.mjs';

testExample('plain', { fromServer: true });
