// Below the board's head: listeners that should lead here and could not be opened, in the core's
// words, with the way out. Nothing while all of them listen.
import type { ListenerStatus } from '#shared/status.ts';
import { listenerFailure, listenerRemedy } from '../../lib/listener-failure.ts';
import { hrefOf } from '../../lib/route.ts';
import { openDialog } from '../../live/dialogs.ts';
import { Button } from '../../ui/button.tsx';
import { StateMark } from '../../ui/state-mark.tsx';

export function FailedListeners({ listeners }: { listeners: readonly ListenerStatus[] }) {
  if (listeners.length === 0) return null;
  return (
    <ul
      aria-label="Listeners that failed"
      className="shrink-0 divide-y divide-line rounded-lg border border-down/50 bg-panel"
    >
      {listeners.map((listener) => {
        const { name, address, error = '' } = listener;
        const remedy = listenerRemedy(error);
        return (
          <li key={name} className="flex items-center gap-3 px-3.5 py-1.5">
            <StateMark shape="square" tone="down" />
            <p className="min-w-0 flex-1 wrap-break-word" title={remedy.text}>
              <a href={hrefOf({ page: 'listeners' })} className="rounded-sm font-semibold hover:underline">
                {`Listener ${name}`}
              </a>{' '}
              <span className="font-mono text-muted text-xs">{address}</span>{' '}
              <span className="text-down">{listenerFailure(listener)}</span>
            </p>
            <Button size="sm" onClick={() => openDialog({ kind: 'listener-form', listener: name })}>
              {remedy.act}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}
