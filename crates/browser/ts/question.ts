/** A question in a dialog, whose answer takes a while and may fail. */

import { make } from './dom.js';

/** What is asked. */
export interface Question {
  readonly title: string;
  readonly about: string;
  readonly yes: string;
  readonly no: string;
  /** Does it, called within the click. The dialog goes when it is done, and stays with what failed. */
  act(signal: AbortSignal, say: (status: string) => void): Promise<void>;
  /** Once the dialog is gone: where the person goes on. */
  done?(): void;
  /** What failed, and what the control that tries again is called; empty: that helps nothing. */
  failed(thrown: unknown): Promise<{ words: string; retry: string }>;
}

/** Asks; the answer closes the dialog. */
export function ask(
  root: ShadowRoot,
  { title, about, yes, no, act, done, failed }: Question,
): () => void {
  const go = make('button', { part: 'yes', type: 'button' }, yes);
  const stop = make('button', { part: 'no', type: 'button' }, no);
  const status = make('p', { part: 'status', role: 'status' });
  const error = make('p', { part: 'error', role: 'alert' });
  const dialog = make(
    'dialog',
    { part: 'question', 'aria-labelledby': 'question', 'aria-describedby': 'about' },
    make('h2', { id: 'question' }, title),
    make('p', { id: 'about' }, about),
    make('div', { class: 'said' }, status, error),
    make('div', { class: 'actions' }, go, stop),
  );
  let doing: AbortController | undefined;
  const say = (words: string) => {
    status.textContent = words;
  };
  const begin = async () => {
    if (doing) return;
    doing = new AbortController();
    const { signal } = doing;
    go.ariaDisabled = 'true';
    error.textContent = '';
    try {
      await act(signal, say);
      dialog.close();
      done?.();
    } catch (thrown) {
      const { words, retry } = await failed(thrown);
      say('');
      error.textContent = words;
      go.textContent = retry;
      go.hidden = !retry;
      if (!retry) stop.focus();
    } finally {
      go.ariaDisabled = 'false';
      doing = undefined;
    }
  };
  go.addEventListener('click', () => void begin());
  stop.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => {
    doing?.abort();
    dialog.remove();
  });
  root.append(dialog);
  dialog.showModal();
  stop.focus();
  return () => dialog.close();
}
