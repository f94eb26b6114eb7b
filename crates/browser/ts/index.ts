/** bankconnect: "connect your bank" for the web. */

export { BankConnect } from './client.js';
export {
  type Abortable,
  type BalanceQuery,
  BankConnection,
  type Paging,
  Reading,
  type TransactionQuery,
} from './connection.js';
export type { BankConnectDefaults, WasmSource } from './core.js';
export {
  BankConnectError,
  type BankConnectErrorCode,
  type BrokerErrorCode,
  type FailureDetail,
  type FieldFault,
} from './error.js';
export type * from './generated/cobs.js';
export type {
  AtBank,
  Cause,
  Connect,
  Connection,
  Environment,
  Problem,
  Provider,
  Reason,
  Receipt,
  Status,
} from './generated/protocol.js';
export type {
  BankConnectEventMap,
  BankConnectOptions,
  ConnectParams,
  ConnectResult,
  ConnectState,
  PreparedParams,
} from './parameters.js';
export type * from './pay/types.js';
