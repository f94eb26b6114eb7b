// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

/**
 * A decimal number as it was written, e.g. `150.50` or `999999999999999.99`. Count with it in
 * decimals.
 */
export type Decimal = string;
