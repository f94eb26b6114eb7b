// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

/**
 * One value or an array of them.
 */
export type OneOrMany = string | Array<string>;

/**
 * Text that some examples of the standard write as a bare number (transaction codes).
 */
export type TextOrNumber = string | number;
