// Listeners that could not bind: what happened in the core's words, what to do, and the way to do it.
import type { ListenerStatus } from '#shared/status.ts';
import { listenerFailure, listenerRemedy } from '../../lib/listener-failure.ts';
import { openDialog } from '../../live/dialogs.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StateMark } from '../../ui/state-mark.tsx';

export function FailedListeners({ listeners }: { listeners: readonly ListenerStatus[] }) {
  return (
    <Panel label="Listeners that failed" className="border-down/50">
      <ul className="divide-y divide-line">
        {listeners.map((listener) => (
          <li key={listener.name} className="flex items-center gap-3 px-3.5 py-2.5">
            <StateMark shape="square" tone="down" />
            <div className="min-w-0 flex-1">
              <p>
                <span className="font-semibold">{listener.name}</span>{' '}
                <span className="font-mono text-xs text-muted">{listener.address}</span>{' '}
                <span className="text-down">{listenerFailure(listener)}</span>
              </p>
              <p className="text-xs text-muted">{listenerRemedy(listener.error ?? '').text}</p>
            </div>
            <Button onClick={() => openDialog({ kind: 'listener-form', listener: listener.name })}>
              {listenerRemedy(listener.error ?? '').act}
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
