// The border between two backends of the split bar. Drag it, or focus it and press ← → for 1 %, with
// Shift 5 %. Moving previews; letting go of pointer or key commits, so a held key is one revision and
// not thirty. Esc before that changes nothing.
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
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
  onStart: () => void;
  onMove: (shareDelta: number, phase: 'preview' | 'commit') => void;
  onCancel: () => void;
}

export function SplitHandle({ left, right, at, widthPx, onStart, onMove, onCancel }: SplitHandleProps) {
  const gesture = useRef<{ by: 'pointer' | 'keys'; startX: number; delta: number } | null>(null);

  const begin = (by: 'pointer' | 'keys', startX: number) => {
    gesture.current = { by, startX, delta: 0 };
    onStart();
    return gesture.current;
  };
  const finish = (by: 'pointer' | 'keys') => {
    if (gesture.current?.by !== by) return;
    const { delta } = gesture.current;
    gesture.current = null;
    if (delta === 0) onCancel();
    else onMove(delta, 'commit');
  };
  const cancel = () => {
    gesture.current = null;
    onCancel();
  };

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    begin('pointer', event.clientX);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (gesture.current?.by !== 'pointer' || widthPx === 0) return;
    gesture.current.delta = (event.clientX - gesture.current.startX) / widthPx;
    onMove(gesture.current.delta, 'preview');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && gesture.current !== null) cancel();
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      const step = event.shiftKey ? BIG_STEP : STEP;
      const current = gesture.current?.by === 'keys' ? gesture.current : begin('keys', 0);
      current.delta += event.key === 'ArrowLeft' ? -step : step;
      onMove(current.delta, 'preview');
    } else return;
    event.preventDefault();
    event.stopPropagation();
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
      onPointerUp={() => finish('pointer')}
      onPointerCancel={cancel}
      onKeyDown={onKeyDown}
      onKeyUp={() => finish('keys')}
      onBlur={() => finish('keys')}
    >
      <span className="my-[5px] w-1 rounded-full bg-transparent group-hover:bg-panel group-focus-visible:w-1.5 group-focus-visible:bg-text group-focus-visible:ring-2 group-focus-visible:ring-panel group-active:bg-panel" />
    </div>
  );
}
