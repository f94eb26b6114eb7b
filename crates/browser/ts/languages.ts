/** Texts by language: what an element says by itself, and what an app adds. */

/** Texts by their names. */
export type Said = Record<string, string>;

/** Texts by language tag (BCP 47). What a language lacks is said in English. */
export class Languages<T extends Said> {
  readonly #known: Record<string, Partial<T>>;

  constructor(known: Record<string, Partial<T>>) {
    this.#known = known;
  }

  /** Adds a language, or words of one; they take the place of what was there. */
  add(tag: string, texts: Partial<T>): void {
    const key = tag.toLowerCase();
    this.#known[key] = { ...this.#known[key], ...texts };
  }

  /** Adds what came later with a part of the element; what an app has added stays. */
  under(more: Record<string, Partial<T>>): void {
    for (const [tag, texts] of Object.entries(more)) {
      this.#known[tag] = { ...texts, ...this.#known[tag] };
    }
  }

  /** All texts for a language tag: its own, those of its language, English. */
  of(tag: string): T {
    const key = tag.toLowerCase();
    const known = this.#known;
    return { ...known.en, ...known[key.replace(/-.*/, '')], ...known[key] } as Partial<T> as T;
  }
}

/** The language of an element: its `locale`, the nearest `lang`, the browser's. */
export function languageOf(element: Element): string {
  const inherited = element.closest('[lang]')?.getAttribute('lang');
  return element.getAttribute('locale') || inherited || navigator.language;
}

/** A text with its gap filled. */
export function filled(text: string, value: string | number): string {
  return text.replace('{0}', () => String(value));
}
