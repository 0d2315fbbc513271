// Calm bars above the page for what concerns everything: the core is gone, the engine, the history or
// the config file has a problem. They leave when the core says so.

import { X } from 'lucide-react';
import { useState } from 'react';
import { retryNow } from '../../live/connection.ts';
import { useLive, useSystem } from '../../live/hooks.ts';
import type { LiveState } from '../../live/live-state.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { StateMark } from '../../ui/state-mark.tsx';

const selectLost = (state: LiveState) => (state.connection === 'lost' ? (state.lostReason ?? '') : null);

const selectRetrying = (state: LiveState) => state.retrying;

const selectKnown = (state: LiveState) => state.status !== null;

const selectFault = (state: LiveState) => state.lastFault?.message ?? null;

export function Banners() {
  const lost = useLive(selectLost);
  const retrying = useLive(selectRetrying);
  const known = useLive(selectKnown);
  const faultMessage = useLive(selectFault);
  const system = useSystem();
  return (
    <div aria-live="polite">
      {lost !== null && (
        <div className="flex items-center gap-2.5 border-b border-line bg-raised px-[18px] py-1.5 text-sm">
          <StateMark shape="square" tone="down" />
          <p className="min-w-0 flex-1">
            <strong className="font-semibold">Not connected.</strong>{' '}
            <span className="text-muted">
              {sentence(lost)}
              {known && ' What you see is the last known state.'}
              {retrying && ' Trying again…'}
            </span>
          </p>
          {retrying && (
            <Button size="sm" onClick={retryNow}>
              Try now
            </Button>
          )}
        </div>
      )}
      {system?.engineNotice && <Notice key={system.engineNotice} title="Engine" text={system.engineNotice} />}
      {faultMessage !== null && (
        <Notice key={faultMessage} title="A connection failed inside Sluice" text={faultMessage} />
      )}
      {system?.storeNotice && <Notice key={system.storeNotice} title="History" text={system.storeNotice} />}
      {system?.configNotice && (
        <Notice key={system.configNotice} title="Config file" text={system.configNotice} />
      )}
    </div>
  );
}

/** Can be put away; another text comes back. */
function Notice({ title, text }: { title: string; text: string }) {
  const [hidden, setHidden] = useState(false);
  if (hidden) return null;
  return (
    <div className="flex items-center gap-2.5 border-b border-line bg-raised px-[18px] py-1 text-sm">
      <StateMark shape="half" tone="warn" />
      <p className="min-w-0 flex-1 wrap-break-word">
        <strong className="font-semibold">{title}.</strong>{' '}
        <span className="text-muted">{sentence(text)}</span>
      </p>
      <IconButton label={`Hide the notice about the ${title.toLowerCase()}`} onClick={() => setHidden(true)}>
        <X aria-hidden="true" />
      </IconButton>
    </div>
  );
}

/** Capital first, full stop last, whatever the core wrote; a file's name stays as it is. */
function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  const start = /^[a-z]+(\s|$)/.test(trimmed) ? trimmed.charAt(0).toUpperCase() + trimmed.slice(1) : trimmed;
  return /[.!?…]$/.test(start) ? start : `${start}.`;
}
