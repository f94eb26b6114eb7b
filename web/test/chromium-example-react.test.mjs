// Chromium: the app in React with Vite (web/examples/react).

import { testExample } from './lib/example-tests.mjs';

testExample('react', { fromServer: false });
