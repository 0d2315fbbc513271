// Puts the focus at the first wrong field of a form when a save was refused: first on the screen, not in
// the order in which fields were registered or refused. In the turn that shows what is wrong, for the form
// library's own way also runs from a timer, when the person may type elsewhere already. What is wrong with it
// is in view too. Used by every form,
// with the library's `shouldFocusError` off.
import { type RefObject, useLayoutEffect } from 'react';
import { focusNow } from './focus-now.ts';

/** `saves`: how often it was tried to save. */
export function useFocusFirstWrong(form: RefObject<HTMLFormElement | null>, saves: number): void {
  useLayoutEffect(() => {
    if (saves === 0) return;
    const field = form.current?.querySelector('[aria-invalid="true"]') ?? null;
    // A section folded away opens by itself when it holds an error, but later than this.
    for (let section = closestFolded(field); section !== null; section = closestFolded(section)) {
      section.open = true;
    }
    focusNow(field);
    // The browser brings only the control into view, not what is said below it.
    field?.closest('[data-field]')?.scrollIntoView({ block: 'nearest' });
  }, [form, saves]);
}

function closestFolded(inside: Element | null): HTMLDetailsElement | null {
  return inside?.closest<HTMLDetailsElement>('details:not([open])') ?? null;
}
