// Puts a text on the clipboard and says so; a browser may refuse, and that is said too.
import { showToast } from '../../lib/toasts.ts';

export function copyText(text: string): void {
  const done = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'));
  done.then(
    () => showToast({ title: `Copied ${text}` }),
    () =>
      showToast({
        tone: 'warn',
        title: 'Not copied',
        detail: `This browser keeps the clipboard closed: ${text}`,
      }),
  );
}
