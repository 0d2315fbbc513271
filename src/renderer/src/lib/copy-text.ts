// Puts a text on the clipboard and says so; a browser may refuse, and that is said too.
import { showToast } from './toasts.ts';

export function copyText(text: string, done = `Copied ${text}`): void {
  const copied = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'));
  copied.then(
    () => showToast({ title: done }),
    () =>
      showToast({
        tone: 'warn',
        title: 'Not copied',
        detail: `This browser keeps the clipboard closed: ${text}`,
      }),
  );
}
