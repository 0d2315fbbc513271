// The connections a draining backend still has, oldest first, each with its age and a way to end it. A
// few are shown and the rest counted, so that the board below keeps its place; all of them on demand.
import { useEffect, useRef, useState } from 'react';
import type { ConnectionStatus } from '#shared/status.ts';
import { formatBytes, formatCount, formatDuration } from '../../lib/format.ts';
import { showToast } from '../../lib/toasts.ts';
import { useCommand } from '../../live/use-command.ts';
import { connectionText, type LeftConnections } from './drain-text.ts';

interface ConnectionListProps {
  pool: string;
  backend: string;
  /** Undefined until the first answer. */
  left: LeftConnections | undefined;
  onClosed: () => void;
  /** The row that had the focus is gone. */
  onFocusLost: () => void;
}

const SHOWN = 3;
const NONE: readonly ConnectionStatus[] = [];

export function ConnectionList({ pool, backend, left, onClosed, onFocusLost }: ConnectionListProps) {
  const [all, setAll] = useState(false);
  const connections = left?.connections ?? NONE;
  const shown = all ? connections : connections.slice(0, SHOWN);
  const more = (left?.total ?? 0) - shown.length;
  const focus = useKeptFocus(shown, onFocusLost);
  return (
    <div data-expanded={all || undefined} className="min-h-[84px] min-w-0 flex-[1.6] @max-[600px]:hidden">
      <ul aria-label={`Connections of ${backend}`} className="divide-y divide-line bg-raised">
        {shown.map((connection) => (
          <Row
            key={connection.id}
            pool={pool}
            backend={backend}
            connection={connection}
            onClosed={onClosed}
            onFocus={() => focus.onFocus(connection.id)}
            onBlur={focus.onBlur}
          />
        ))}
      </ul>
      {(more > 0 || all) && (
        <More
          more={more}
          all={all}
          expandable={connections.length > SHOWN}
          onToggle={() => setAll((before) => !before)}
        />
      )}
    </div>
  );
}

interface MoreProps {
  more: number;
  all: boolean;
  expandable: boolean;
  onToggle: () => void;
}

function More({ more, all, expandable, onToggle }: MoreProps) {
  const rest = more > 0 ? `and ${formatCount(more)} more` : '';
  if (!expandable) return null;
  return (
    <p className="bottom-0 bg-panel px-2 pt-1.5 pb-1 text-xs text-muted [@container_backends_(min-height:301px)]:sticky">
      {all ? (
        <>
          {rest !== '' && `${rest} · `}
          <TextButton onClick={onToggle}>Show fewer</TextButton>
        </>
      ) : (
        <TextButton onClick={onToggle}>{rest}</TextButton>
      )}
    </p>
  );
}

function TextButton({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <button type="button" className="rounded-sm text-drain hover:underline" onClick={onClick}>
      {children}
    </button>
  );
}

interface RowProps {
  pool: string;
  backend: string;
  connection: ConnectionStatus;
  onClosed: () => void;
  onFocus: () => void;
  onBlur: () => void;
}

function Row({ pool, backend, connection, onClosed, onFocus, onBlur }: RowProps) {
  const command = useCommand('connections.close');
  const text = connectionText(connection);
  const close = async () => {
    if (command.pending) return;
    const result = await command.run({ pool, backend, id: connection.id });
    if (!result.ok) return;
    showToast({ title: result.value.closed === 0 ? `${text} had ended by itself` : `Closed ${text}` });
    onClosed();
  };
  return (
    <li className="flex h-7 items-center gap-3 px-2 font-mono text-xs" title={detailsOf(connection)}>
      <span className="min-w-0 flex-1 truncate">{text}</span>
      <span className="w-[120px] shrink-0 truncate text-muted @max-[760px]:hidden">{connection.client}</span>
      <span className="w-[72px] shrink-0 text-right font-sans text-muted @max-[760px]:w-auto">
        {formatDuration(connection.ageMs)}
      </span>
      <button
        type="button"
        aria-label={`Close ${text} of ${connection.client}`}
        aria-busy={command.pending || undefined}
        className="shrink-0 rounded-sm px-1 font-sans text-drain hover:underline aria-busy:opacity-60"
        onFocus={onFocus}
        onBlur={onBlur}
        onClick={() => void close()}
      >
        Close
      </button>
    </li>
  );
}

function detailsOf({ idleMs, bytesIn, bytesOut, client }: ConnectionStatus): string {
  return `${client} · silent for ${formatDuration(idleMs)} · ${formatBytes(bytesIn)} from the client, ${formatBytes(bytesOut)} to it`;
}

/** When the row with the focus goes, the focus must not fall out of the panel. */
function useKeptFocus(shown: readonly ConnectionStatus[], onFocusLost: () => void) {
  const focused = useRef<number | null>(null);
  useEffect(() => {
    if (focused.current === null || shown.some(({ id }) => id === focused.current)) return;
    focused.current = null;
    if (document.activeElement === document.body) onFocusLost();
  });
  return {
    onFocus: (id: number) => {
      focused.current = id;
    },
    // Not called for a row that is removed: React keeps still while it changes the document.
    onBlur: () => {
      focused.current = null;
    },
  };
}
