/** The characters that banks pass on to each other (COBS 2.0 §3.3.1: the SWIFT set). */

/** Letters that are no letter and a mark, and signs that only look different. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ø: 'o',
  Ø: 'O',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  '„': "'",
  '“': "'",
  '”': "'",
  '"': "'",
  '‘': "'",
  '’': "'",
  '–': '-',
  '—': '-',
  '…': '...',
};

/**
 * A text in the characters of SWIFT: without diacritics, with plain quotes, dashes and spaces. What
 * has no plain form stays as it is, so that nothing is lost unseen.
 */
export function toSwift(text: string): string {
  const bare = text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/\s/g, ' ');
  return bare.replace(/[^ -~]|"/g, (sign) => PLAIN[sign] ?? sign);
}

/** True when every character is one of SWIFT's. */
export function isSwift(text: string): boolean {
  return /^[a-zA-Z0-9/?:().,'+ -]*$/.test(text);
}
