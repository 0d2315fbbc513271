// Gives the focus back to where it was when a dialog opened. The dialogs open from data, without a
// trigger of their own, so nothing else knows the way back.
import { useEffect, useState } from 'react';

export function useReturnFocus(): void {
  const [origin] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // After the dialog has let go of the focus; a page that changed meanwhile has no way back.
      queueMicrotask(() => {
        if (origin instanceof HTMLElement && origin.isConnected) origin.focus();
      });
    },
    [origin],
  );
}
