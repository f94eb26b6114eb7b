// A field of a form with its label, its hint, and what is wrong with it.

import { h } from '../dom.ts';
import { icon } from './icon.ts';

type Control = HTMLInputElement | HTMLSelectElement;

export interface Field {
  readonly node: HTMLElement;
  readonly control: Control;
  readonly value: string;
  /** Says what is wrong, or that nothing is. */
  fault(text: string | undefined): void;
}

export interface Words {
  readonly label: string;
  readonly hint?: string;
  /** Marks a field that may stay empty. */
  readonly optional?: string;
}

export function field(control: Control, words: Words, left: () => void): Field {
  const { name } = control;
  control.id = `field-${name}`;
  const hint = h('p', { class: 'small', id: `hint-${name}` }, words.hint);
  const fault = h('p', { class: 'fault', id: `fault-${name}`, hidden: true });
  const label = h('label', { for: control.id }, words.label);
  if (words.optional) label.append(' ', h('span', { class: 'small' }, `(${words.optional})`));
  const described = words.hint ? [hint.id] : [];
  if (words.hint) control.setAttribute('aria-describedby', hint.id);
  if (!words.optional) control.required = true;
  control.addEventListener('change', left);
  return {
    node: h('div', { class: 'form-field' }, label, control, words.hint ? hint : null, fault),
    control,
    get value() {
      return control.value.trim();
    },
    fault(text) {
      const ids = text ? [fault.id, ...described] : described;
      control.setAttribute('aria-invalid', String(Boolean(text)));
      control.setAttribute('aria-describedby', ids.join(' '));
      fault.hidden = !text;
      fault.replaceChildren(...(text ? [icon('warning'), h('span', {}, text)] : []));
    },
  };
}
