// The border between two backends of the split bar. Drag it, or focus it and press ← → for 1 %, with
// Shift 5 %. Moving previews; letting go commits. Key presses are gathered into one change that is saved a
// moment after the last, at once on Enter and on leaving; Esc and Ctrl Z take them back.
import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react';
import { useGatheredPresses } from '../../../lib/use-gathered-presses.ts';
import type { SplitSegment } from './split-weights.ts';

const STEP = 0.01;
const BIG_STEP = 0.05;

interface SplitHandleProps {
  left: SplitSegment;
  right: SplitSegment;
  /** Where the border is, 0 to 1. */
  at: number;
  widthPx: number;
  /** Deltas after this count from the weights as they are shown now. */
  onStart: (by: 'pointer' | 'keys') => void;
  onMove: (shareDelta: number, phase: 'preview' | 'commit') => void;
  onCancel: () => void;
}

export function SplitHandle(props: SplitHandleProps) {
  const { left, right, at, widthPx, onStart, onMove, onCancel } = props;
  const dragged = useRef<{ startX: number; delta: number } | null>(null);
  const presses = useGatheredPresses({
    onBegin: () => {
      onStart('keys');
      return { lowest: -left.share, highest: right.share };
    },
    onShow: (delta) => onMove(delta, 'preview'),
    onSave: (delta) => onMove(delta, 'commit'),
    onTakeBack: onCancel,
  });

  // Gone while held, when one of the two leaves the split: nothing was let go, so nothing is saved.
  const cancelDrag = useRef(() => {});
  cancelDrag.current = () => {
    if (dragged.current === null) return;
    dragged.current = null;
    onCancel();
  };
  useEffect(() => () => cancelDrag.current(), []);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    presses.flush();
    event.currentTarget.setPointerCapture(event.pointerId);
    dragged.current = { startX: event.clientX, delta: 0 };
    onStart('pointer');
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (dragged.current === null || widthPx === 0) return;
    dragged.current.delta = (event.clientX - dragged.current.startX) / widthPx;
    onMove(dragged.current.delta, 'preview');
  };
  const onPointerUp = () => {
    if (dragged.current === null) return;
    const { delta } = dragged.current;
    dragged.current = null;
    if (delta === 0) onCancel();
    else onMove(delta, 'commit');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!keyAct(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  /** Whether the key meant something here. */
  const keyAct = (event: KeyboardEvent): boolean => {
    if (event.key === 'Escape' && dragged.current !== null) cancelDrag.current();
    else if (presses.endBy(event)) return true;
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      if (dragged.current !== null) return true;
      const step = event.shiftKey ? BIG_STEP : STEP;
      presses.press(event.key === 'ArrowLeft' ? -step : step);
    } else return false;
    return true;
  };

  const leftPct = Math.round(left.share * 1000) / 10;
  const rightPct = Math.round(right.share * 1000) / 10;
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={`Split between ${left.name} and ${right.name}`}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={Math.round((left.share + right.share) * 1000) / 10}
      aria-valuenow={leftPct}
      aria-valuetext={`${left.name} ${leftPct} %, ${right.name} ${rightPct} %`}
      title={`Drag to move requests between ${left.name} and ${right.name}; ← → 1 %, with Shift 5 %`}
      className="group absolute top-0 z-10 flex h-[34px] w-4 -translate-x-1/2 cursor-ew-resize touch-none justify-center outline-none"
      style={{ left: `calc(${at * 100}% - 1px)` }}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => cancelDrag.current()}
      onKeyDown={onKeyDown}
      onBlur={() => presses.flush()}
    >
      <span className="my-[5px] w-1 rounded-full bg-transparent group-hover:bg-panel group-focus-visible:w-1.5 group-focus-visible:bg-text group-focus-visible:ring-2 group-focus-visible:ring-panel group-active:bg-panel" />
    </div>
  );
}
