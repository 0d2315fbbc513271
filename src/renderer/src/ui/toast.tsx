// Short messages over the rail, at the lower left, where they cover nothing one works on; on sonner: what
// was done, with Undo, or what was refused and why.
import { useEffect } from 'react';
import { Toaster as SonnerToaster, toast as sonner } from 'sonner';
import { onToast, type ToastRequest } from '../lib/toasts.ts';
import { Button } from './button.tsx';
import { StateMark } from './state-mark.tsx';

const STAYS_MS = 5000;
const REFUSAL_STAYS_MS = 10_000;

/** Once, at the root. */
export function Toaster() {
  useEffect(() => onToast(drawToast), []);
  return (
    <SonnerToaster
      position="bottom-left"
      offset={{ bottom: 36, left: 6 }}
      mobileOffset={{ bottom: 36, left: 6 }}
      visibleToasts={3}
    />
  );
}

/** Ids of the toasts that stay, by key. One that leaves is no longer among them (see `drawToast`). */
const staying = new Map<string, string>();
let drawn = 0;

/**
 * Draws one at once; `showToast` of lib/toasts.ts reaches it from layers that know no ui. It takes the
 * place of the one with its key only while that one stays: sonner merges what is published under the id
 * of a leaving toast into that toast, and both would be gone with its last frame.
 */
function drawToast(request: ToastRequest): void {
  drawn += 1;
  const { key = `toast ${drawn}` } = request;
  const id = staying.get(key) ?? `toast ${drawn}`;
  staying.set(key, id);
  const leaves = () => {
    if (staying.get(key) === id) staying.delete(key);
  };
  const dismiss = () => {
    leaves();
    sonner.dismiss(id);
  };
  sonner.custom(() => <ToastCard request={request} onDone={dismiss} />, {
    id,
    duration: request.tone ? REFUSAL_STAYS_MS : STAYS_MS,
    onDismiss: leaves,
    onAutoClose: leaves,
  });
}

function ToastCard({ request, onDone }: { request: ToastRequest; onDone: () => void }) {
  const { title, detail, tone, action, offer } = request;
  const actions = [offer, action].filter((each) => each !== undefined);
  return (
    <div className="w-[204px] rounded-md border border-line bg-panel px-3 py-2.5 font-sans text-sm text-text shadow-float">
      <div className="flex gap-2">
        {tone && (
          <span className="mt-1 self-start">
            <StateMark shape={tone === 'down' ? 'square' : 'half'} tone={tone} />
          </span>
        )}
        <div className="min-w-0 flex-1">
          <p className="font-medium wrap-break-word normal-nums">{title}</p>
          {detail && <p className="mt-0.5 text-xs text-muted wrap-break-word">{detail}</p>}
        </div>
      </div>
      {actions.length > 0 && (
        <div className="mt-2 flex flex-wrap justify-end gap-1.5">
          {actions.map(({ label, run }) => (
            <Button
              key={label}
              size="sm"
              onClick={() => {
                onDone();
                run();
              }}
            >
              {label}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}
