/** `import 'bankconnect/inline'`: the component comes inside the script, and no file is fetched. */

import embedded from './embedded.js';
import { BankConnect } from './index.js';

BankConnect.defaults.wasm = embedded;

export * from './index.js';
