// Chromium: the app in Next: its pages hold their text when they come from the server (web/examples/next).

import { testExample } from './lib/example-tests.mjs';

testExample('next', { fromServer: true });
