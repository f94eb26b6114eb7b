/** Payments: what an order must be. */

export { checkOrder } from './pay/check.js';
export { toSwift } from './pay/swift.js';
export type * from './pay/types.js';
