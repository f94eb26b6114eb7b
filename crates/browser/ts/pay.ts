/** How an order is paid. `BankConnection.pay` and its like load this when it is needed. */

export { pay, payments } from './pay/flow.js';
export { land } from './pay/land.js';
