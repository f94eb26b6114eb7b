/** The element's style as one sheet for all elements. */

import css from './element.css';

let sheet: CSSStyleSheet | undefined;

/** The sheet; made when the first element appears, since there is none to make on a server. */
export function style(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
}
