// Puts the focus into a field, the text of one that holds text selected, within the event that asked for it.
// The form library's setFocus() waits for a timer, and what a quick hand types before it fires goes
// elsewhere.

/** Does nothing when there is no such field. */
export function focusNow(field: Element | RadioNodeList | null | undefined): void {
  if (!(field instanceof HTMLElement)) return;
  field.focus();
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.select();
}
