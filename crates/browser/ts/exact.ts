/** JSON of a bank in which no digit of an amount is lost. */

// only a key has quotation marks that are not escaped, and a colon behind them
const NUMBERS = /(?<!\\)("(?:value|totalAmount|exchangeRate)"\s*:\s*)(-?\d[\d.eE+-]*)/g;

/**
 * Reads an answer; the numbers behind the keys of amounts and rates become strings of their digits, as
 * in the Rust crate `cobs` (`decimal.rs`). `undefined` for no text: of what is deleted nothing is said.
 * @internal
 */
export function parse(json: string): unknown {
  return json ? JSON.parse(json.replace(NUMBERS, '$1"$2"')) : undefined;
}
