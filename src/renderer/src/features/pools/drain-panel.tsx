// What is left of a drain, under its row: how much of what there was, of which kind, and where new
// requests go instead. Stays after the last one left, to say that the backend may be stopped.
import { X } from 'lucide-react';
import type { BackendStatus, PoolStatus } from '#shared/status.ts';
import { formatAge, formatCount, plural } from '../../lib/format.ts';
import { setBackendState } from '../../live/actions.ts';
import type { DrainProgress } from '../../live/drain-progress.ts';
import { useUndoLabel } from '../../live/undo.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';

export interface DrainPanelProps {
  pool: PoolStatus;
  backend: BackendStatus;
  progress: DrainProgress;
  now: number;
  onDismiss: () => void;
}

export function DrainPanel({ pool, backend, progress, now, onDismiss }: DrainPanelProps) {
  const left = backend.inFlight;
  const tookMs = (progress.drainedAt ?? now) - progress.startedAt;
  const newestUndo = useUndoLabel();
  return (
    <section
      aria-label={`Drain of ${backend.name}`}
      className="flex items-center gap-6 rounded-lg border border-line bg-panel py-3 pr-4 pl-5"
    >
      <Donut left={left} start={progress.startCount} />
      <div className="min-w-0 flex-1 leading-[18px]">
        <p>
          {/* Without the age, which would be read out every second. */}
          <span aria-live="polite">
            <b className="font-semibold">{countText(left, progress.startCount)}</b>
            {left === 0 ? '' : ' left'}
          </span>
          <span className="text-muted">
            {left === 0 ? ` · took ${formatAge(tookMs)}` : ` · ${formatAge(tookMs)}`}
          </span>
        </p>
        <p className="text-muted">
          {left === 0 ? 'It can be stopped without losing a request' : kinds(backend)}
        </p>
        <p className="truncate text-muted normal-nums">{successors(pool)}</p>
      </div>
      <div className="flex w-[144px] shrink-0 flex-col gap-2">
        <Button
          className="justify-between"
          shortcut={newestUndo === `Drained ${backend.name}` ? 'mod+z' : undefined}
          onClick={() => void setBackendState(pool.name, backend.name, 'enabled')}
        >
          {left === 0 ? 'Enable again' : 'Undo drain'}
        </Button>
        <Button
          className="justify-start"
          title={`${backend.name} stays out of service until it is enabled`}
          onClick={() => void setBackendState(pool.name, backend.name, 'disabled')}
        >
          {left === 0 ? 'Disable' : 'Disable now'}
        </Button>
      </div>
      {left === 0 ? (
        <IconButton label="Hide" className="-mr-2 -ml-3 self-start" onClick={onDismiss}>
          <X aria-hidden="true" />
        </IconButton>
      ) : null}
    </section>
  );
}

function countText(left: number, start: number | null): string {
  if (left === 0) return 'Nothing left';
  return start === null ? formatCount(left) : `${formatCount(left)} of ${formatCount(start)}`;
}

function kinds({ inFlight, tunnels }: BackendStatus): string {
  const parts: string[] = [];
  if (inFlight - tunnels > 0) parts.push(plural(inFlight - tunnels, 'HTTP request'));
  if (tunnels > 0) parts.push(plural(tunnels, 'tunnel'));
  return parts.join(' · ');
}

const NAMED_SUCCESSORS = 4;

function successors(pool: PoolStatus): string {
  const names = pool.backends.filter(({ targetShare }) => targetShare > 0).map(({ name }) => name);
  if (names.length === 0) return 'No other backend takes new requests';
  const shown = names.slice(0, NAMED_SUCCESSORS).join(', ');
  const rest = names.length - NAMED_SUCCESSORS;
  return `New requests go to ${shown}${rest > 0 ? ` and ${rest} more` : ''}`;
}

const RADIUS = 34;
const CIRCUMFERENCE = 2 * Math.PI * RADIUS;

/** The ring fills as requests finish; without a known start it stays an outline. */
function Donut({ left, start }: { left: number; start: number | null }) {
  const finished = left === 0 ? 1 : start === null || start === 0 ? 0 : Math.max(0, 1 - left / start);
  return (
    <svg width="80" height="80" viewBox="0 0 80 80" aria-hidden="true" className="shrink-0">
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
