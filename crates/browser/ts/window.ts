/** The window that a bank's pages open in. */

/** Opens a window for the bank, in the middle of this one. */
export function openPopup(): Window | null {
  const [width, height] = [480, 720];
  const left = Math.max(0, window.screenX + (window.outerWidth - width) / 2);
  const top = Math.max(0, window.screenY + (window.outerHeight - height) / 3);
  const place = `popup,width=${width},height=${height},left=${left},top=${top}`;
  return window.open('about:blank', '_blank', place);
}
