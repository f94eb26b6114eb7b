/** What an order must be, before anybody is asked. For forms; `BankConnection.pay` checks by itself. */

import { draft as write } from './pay/check.js';

export { checkOrder } from './pay/check.js';
export { toSwift } from './pay/swift.js';

/** For `pay.js`, which is loaded with this and has no copy of it. @internal */
export const draft = write;
