// What a view is, and how a part of it waits for data: skeleton, content, or what went wrong.

import { BankConnectError } from 'bankconnect';
import { asFailure } from '../bank.ts';
import { h } from '../dom.ts';
import { failures } from '../i18n.ts';
import { contentArrived, replace } from '../page.ts';
import { failurePanel, type Ways } from '../part/failure.ts';

export interface View {
  readonly title: string;
  readonly node: HTMLElement;
}

export interface Loading<T> {
  readonly slot: HTMLElement;
  readonly signal: AbortSignal;
  readonly waiting: () => Node;
  readonly work: () => Promise<T>;
  readonly show: (value: T) => Node;
  /** Where the notice of a failure stands; by default alone. */
  readonly failed?: (notice: HTMLElement) => Node;
  /** Where the person can go when it fails. */
  readonly ways?: Ways;
}

/** Fills a slot: a skeleton of the same size at once, then the content or the failure. */
export async function load<T>(loading: Loading<T>): Promise<void> {
  const { slot, signal, waiting, work, show, ways, failed } = loading;
  slot.setAttribute('aria-busy', 'true');
  replace(slot, waiting());
  let content: Node;
  try {
    content = show(await work());
  } catch (thrown) {
    const retry = (): void => void load(loading);
    const notice = failurePanel(asFailure(thrown), { ...ways, retry });
    content = failed?.(notice) ?? notice;
    if (!asFailure(thrown) && !signal.aborted) console.error(thrown);
  }
  if (signal.aborted) return;
  slot.removeAttribute('aria-busy');
  replace(slot, content);
  contentArrived();
}

/** Stands for a view whose part of the page could not be fetched. */
export function unfetchedView(): View {
  const code = 'network';
  const failure = new BankConnectError({ code, message: 'not fetched', retryable: true });
  const title = failures()[code].title;
  const notice = failurePanel(failure, { retry: () => location.reload() });
  return { title, node: h('div', { class: 'view' }, h('h1', {}, title), notice) };
}

/** Grey bars in the place of text that is on its way. */
export function skeleton(kind: string, bars: number): HTMLElement {
  const lines = Array.from({ length: bars }, () => h('span', { class: 'bar' }));
  return h('div', { class: `skeleton ${kind}`, 'aria-hidden': 'true' }, ...lines);
}
