/** How an order is paid. `BankConnection.pay` and its like load this when it is needed. */

export { land, pay, payments } from './pay/flow.js';
