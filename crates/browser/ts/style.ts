/** Style sheets as elements adopt them: no nonce needed under `style-src 'self'`. */

const sheets = new Map<string, CSSStyleSheet>();

/** Adds styles to a tree. A sheet is made at its first use, since there is none to make on a server. */
export function adopt(root: ShadowRoot, css: string): void {
  let sheet = sheets.get(css);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    sheets.set(css, sheet);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}
