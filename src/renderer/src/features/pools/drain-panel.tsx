// What is left of a drain, under its row: how much of what there was, each connection with its age, where
// new requests go instead and when the rest is closed. Stays after the last one left, to say that the
// backend may be stopped. Takes about a third of the table at most and scrolls inside, so that its own row
// and the next stay in view in the smallest window too.
import { X } from 'lucide-react';
import { useRef, useState } from 'react';
import type { BackendStatus, DrainStatus, PoolStatus } from '#shared/status.ts';
import { cn } from '../../lib/class-names.ts';
import { formatCount, formatDuration, plural } from '../../lib/format.ts';
import { setBackendState } from '../../live/actions.ts';
import { useQuery } from '../../live/hooks.ts';
import { useUndoLabel } from '../../live/undo.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { CloseAll } from './close-all.tsx';
import { ConnectionList } from './connection-list.tsx';
import {
  deadlineText,
  kindsText,
  type LeftConnections,
  leftText,
  outcomeText,
  successorsText,
} from './drain-text.ts';

export interface DrainPanelProps {
  pool: PoolStatus;
  backend: BackendStatus;
  drain: DrainStatus;
  now: number;
  onDismiss: () => void;
}

const REFRESH_MS = 1000;

export function DrainPanel({ pool, backend, drain, now, onDismiss }: DrainPanelProps) {
  const panel = useRef<HTMLElement>(null);
  const left = backend.inFlight;
  const done = left === 0;
  const { data, reload } = useQuery(
    'connections.list',
    { pool: pool.name, backend: backend.name },
    { refreshMs: REFRESH_MS, enabled: !done },
  );
  return (
    <section
      ref={panel}
      tabIndex={-1}
      aria-label={`Drain of ${backend.name}`}
      className="@container max-h-[max(92px,36cqh)] overflow-y-auto rounded-lg border border-line bg-panel focus:outline-none"
    >
      <div className="flex items-center gap-5 py-3 pr-4 pl-5 has-[[data-expanded]]:items-start [@container_backends_(max-height:300px)]:items-start">
        <Donut left={left} start={drain.startedWith} />
        <div className="top-3 min-w-[256px] flex-1 leading-[18px] [@container_backends_(min-height:301px)]:sticky">
          <Heading left={left} drain={drain} now={now} />
          {done ? (
            <>
              <p className="text-muted">{outcomeText(drain)}</p>
              <p className="text-muted">It can be stopped without losing a request</p>
            </>
          ) : (
            <p className="text-muted">{kindsText(backend, data)}</p>
          )}
          <p className="text-muted normal-nums">{successorsText(pool)}</p>
          {!done && (
            <>
              <p className="text-muted">What is under way may finish.</p>
              <p className="text-muted">{deadlineText(drain, now)}</p>
            </>
          )}
        </div>
        {!done && (
          <ConnectionList
            pool={pool.name}
            backend={backend.name}
            left={data}
            onClosed={reload}
            onFocusLost={() => panel.current?.focus()}
          />
        )}
        <Acts pool={pool.name} backend={backend} left={data} onClosed={reload} />
        {done && (
          <IconButton label="Hide" className="-mr-2 -ml-3 self-start" onClick={onDismiss}>
            <X aria-hidden="true" />
          </IconButton>
        )}
      </div>
    </section>
  );
}

function Heading({ left, drain, now }: { left: number; drain: DrainStatus; now: number }) {
  return (
    <p>
      {/* Without the age, which would be read out every second. */}
      <span aria-live="polite">
        {left === 0 ? <b className="font-semibold">Nothing left</b> : <Left text={leftText(left, drain)} />}
      </span>
      <span className="text-muted">
        {left > 0
          ? ` · ${formatDuration(now - drain.since)}`
          : drain.startedWith > 0 && ` of ${plural(drain.startedWith, 'connection')}`}
      </span>
    </p>
  );
}

/** "3 of 21 connections left" with the figures in bold. */
function Left({ text }: { text: string }) {
  const words = text.indexOf(' connection');
  return (
    <>
      <b className="font-semibold">{text.slice(0, words)}</b>
      {text.slice(words)}
    </>
  );
}

interface ActsProps {
  pool: string;
  backend: BackendStatus;
  left: LeftConnections | undefined;
  onClosed: () => void;
}

function Acts({ pool, backend, left, onClosed }: ActsProps) {
  const [asking, setAsking] = useState(false);
  const newestUndo = useUndoLabel();
  const done = backend.inFlight === 0;
  return (
    <div className={cn('sticky top-3 flex shrink-0 flex-col gap-2', done ? 'w-[160px]' : 'w-[136px]')}>
      <Button
        className="justify-between"
        shortcut={newestUndo === `Drained ${backend.name}` ? 'mod+z' : undefined}
        onClick={() => void setBackendState(pool, backend.name, 'enabled')}
      >
        {done ? 'Enable again' : 'Undo drain'}
      </Button>
      {done ? (
        <Button
          className="justify-start"
          title={`${backend.name} stays out of service until it is enabled`}
          onClick={() => void setBackendState(pool, backend.name, 'disabled')}
        >
          Disable
        </Button>
      ) : (
        <Button className="justify-start" onClick={() => setAsking(true)}>
          Close all now…
        </Button>
      )}
      {asking && (
        <CloseAll
          pool={pool}
          backend={backend}
          left={left}
          onClosed={onClosed}
          onLeave={() => setAsking(false)}
        />
      )}
    </div>
  );
}

const RADIUS = 34;
const CIRCUMFERENCE = 2 * Math.PI * RADIUS;

/** The ring fills as requests finish; without a known start it stays an outline. */
function Donut({ left, start }: { left: number; start: number }) {
  const finished = left === 0 ? 1 : start === 0 ? 0 : Math.max(0, 1 - left / start);
  return (
    <svg
      width="80"
      height="80"
      viewBox="0 0 80 80"
      aria-hidden="true"
      className="sticky top-3 shrink-0 @max-[760px]:hidden"
    >
      <circle cx="40" cy="40" r={RADIUS} fill="none" stroke="var(--line)" strokeWidth="8" />
      <circle
        cx="40"
        cy="40"
        r={RADIUS}
        fill="none"
        stroke="var(--drain)"
        strokeWidth="8"
        strokeLinecap="round"
        strokeDasharray={`${finished * CIRCUMFERENCE} ${CIRCUMFERENCE}`}
        opacity={finished === 0 ? 0 : 1}
        transform="rotate(-90 40 40)"
        className="transition-[stroke-dasharray] duration-300"
      />
      <text
        x="40"
        y="40"
        dy="0.36em"
        textAnchor="middle"
        fill="var(--text)"
        fontSize={left > 999 ? 15 : 19}
        fontWeight="700"
      >
        {formatCount(left)}
      </text>
    </svg>
  );
}
