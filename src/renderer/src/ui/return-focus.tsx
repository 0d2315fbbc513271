// Gives the focus back to where it was when a dialog opened. Dialogs open from data, without a trigger
// that Radix knows, so this is the one way back for all of them. Mounted inside a dialog's content.
import { useEffect, useRef, useState } from 'react';

const OVERLAYS = '[role="menu"],[role="listbox"],[role="dialog"],[role="alertdialog"]';

/** Where the focus was last on the page itself: a menu or the palette that opened a dialog is gone by then. */
let lastOnPage: Element | null = null;
let last: Element | null = null;
document.addEventListener('focusin', ({ target }) => {
  if (!(target instanceof Element)) return;
  last = target;
  if (target.closest(OVERLAYS) === null) lastOnPage = target;
});

function originOfDialog(): Element | null {
  const focused = document.activeElement;
  // One that is gone already took the focus along.
  const from = focused === document.body && last?.isConnected === false ? last : focused;
  const overlay = from?.closest(OVERLAYS);
  if (!overlay) return focused;
  // A menu is named by its button, which did not take the focus when it was pressed.
  const button = document.getElementById(overlay.getAttribute('aria-labelledby') ?? '');
  return button?.closest('button') ?? lastOnPage;
}

/** `instead`: where the focus goes when the dialog led somewhere else; null gives it back. */
export function ReturnFocus({ instead }: { instead?: () => Element | null }) {
  const [origin] = useState(originOfDialog);
  const latest = useRef(instead);
  latest.current = instead;
  useEffect(
    () => () => {
      // After the dialog has let go of the focus. What took it meanwhile keeps it, and a page that
      // changed has no way back.
      queueMicrotask(() => {
        const free = document.activeElement === null || document.activeElement === document.body;
        const target = latest.current?.() ?? origin;
        if (free && target instanceof HTMLElement && target.isConnected) target.focus();
      });
    },
    [origin],
  );
  return null;
}
