// The bar itself: who gets which part of new requests, above; who got it, below. Between two
// neighbours of the target sits a handle that moves their border, by pointer or by arrow keys.
import { useRef } from 'react';
import { formatShare } from '../../../lib/format.ts';
import { segmentLabel, shortShare } from './segment-label.ts';
import { SplitHandle } from './split-handle.tsx';
import type { SplitSegment } from './split-weights.ts';

export interface BarSegment extends SplitSegment {
  colour: string;
}

interface SplitBarProps {
  target: readonly BarSegment[];
  actual: readonly BarSegment[];
  widthPx: number;
  /** Off where weights have no effect or nothing may be changed. */
  adjustable: boolean;
  saving: boolean;
  onStart: (by: 'pointer' | 'keys') => void;
  onMove: (pair: { left: string; right: string }, shareDelta: number, phase: 'preview' | 'commit') => void;
  onCancel: () => void;
}

export function SplitBar({
  target,
  actual,
  widthPx,
  adjustable,
  saving,
  onStart,
  onMove,
  onCancel,
}: SplitBarProps) {
  const bar = useRef<HTMLDivElement>(null);
  let edge = 0;
  const handles = target.slice(0, -1).map((left, index) => {
    edge += left.share;
    return { left, right: target[index + 1] as BarSegment, at: edge };
  });
  return (
    <div className="relative">
      <div
        ref={bar}
        className={`flex h-[34px] overflow-hidden rounded-lg ${saving ? 'animate-pulse motion-reduce:animate-none motion-reduce:opacity-70' : ''}`}
        data-testid="split-target"
      >
        {target.map((segment) => (
          <Segment key={segment.name} segment={segment} widthPx={segment.share * widthPx} />
        ))}
      </div>
      {adjustable
        ? handles
            .filter(({ left, right }) => left.members === 1 && right.members === 1)
            .map(({ left, right, at }) => (
              <SplitHandle
                key={`${left.name} ${right.name}`}
                left={left}
                right={right}
                at={at}
                widthPx={widthPx}
                onStart={onStart}
                onMove={(delta, phase) => onMove({ left: left.name, right: right.name }, delta, phase)}
                onCancel={onCancel}
              />
            ))
        : null}
      <div className="mt-[5px] flex h-1.5 overflow-hidden rounded-full bg-line" data-testid="split-actual">
        {actual.map((segment) => (
          <div
            key={segment.name}
            title={`${segment.name} got ${formatShare(segment.share)}`}
            className="border-panel border-r-2 last:border-r-0"
            style={{ width: `${segment.share * 100}%`, background: segment.colour }}
          />
        ))}
      </div>
    </div>
  );
}

function Segment({ segment, widthPx }: { segment: BarSegment; widthPx: number }) {
  const share = `${shortShare(segment.share)} %`;
  const label = segmentLabel(segment.name, share, widthPx);
  return (
    <div
      title={`${segment.name} ${share}`}
      className="flex min-w-0 items-center overflow-hidden border-panel border-r-2 font-semibold text-[12.5px] text-on-series last:border-r-0"
      style={{ width: `${segment.share * 100}%`, background: segment.colour }}
    >
      {label.length === 0 ? null : (
        <span aria-hidden="true" className="flex min-w-0 gap-[0.6em] pr-[7px] pl-[11px] normal-nums">
          {label.map((text) => (
            <span key={text} className={text === share ? 'shrink-0' : 'truncate'}>
              {text}
            </span>
          ))}
        </span>
      )}
      <span className="sr-only">{`${segment.name} ${share}`}</span>
    </div>
  );
}
