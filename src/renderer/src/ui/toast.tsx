// Short messages at the lower right, on sonner: what was done, with Undo, or what was refused and why.
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
  return <SonnerToaster position="bottom-right" offset={{ bottom: 40, right: 16 }} visibleToasts={3} />;
}

/** Draws one at once; `showToast` of lib/toasts.ts reaches it from layers that know no ui. */
function drawToast(request: ToastRequest): void {
  sonner.custom((id) => <ToastCard request={request} onDone={() => sonner.dismiss(id)} />, {
    duration: request.tone ? REFUSAL_STAYS_MS : STAYS_MS,
    ...(request.key === undefined ? {} : { id: request.key }),
  });
}

function ToastCard({ request, onDone }: { request: ToastRequest; onDone: () => void }) {
  const { title, detail, tone, action } = request;
  return (
    <div className="flex w-[356px] items-center gap-2.5 rounded-md border border-line bg-panel px-3 py-2.5 font-sans text-sm text-text shadow-float">
      {tone && (
        <span className="mt-1 self-start">
          <StateMark shape={tone === 'down' ? 'square' : 'half'} tone={tone} />
        </span>
      )}
      <div className="min-w-0 flex-1">
        <p className="font-medium wrap-break-word normal-nums">{title}</p>
        {detail && <p className="mt-0.5 text-xs text-muted wrap-break-word">{detail}</p>}
      </div>
      {action && (
        <Button
          size="sm"
          onClick={() => {
            onDone();
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
    </div>
  );
}
