// The traffic split: target above, actual below, and beside the title whether the one follows the
// other. Owns the gesture of moving a border; the weights themselves are the board's draft.
import { useRef } from 'react';
import type { PoolStatus } from '#shared/status.ts';
import { seriesColour } from '../../../lib/colours.ts';
import { formatCount } from '../../../lib/format.ts';
import { noServiceText } from '../../../lib/no-service.ts';
import { policyUsesWeights } from '../../../lib/share.ts';
import { useUnserved } from '../../../live/shown-pools.ts';
import { Button } from '../../../ui/button.tsx';
import { useBoxWidth } from '../use-box-width.ts';
import { type BarSegment, SplitBar } from './split-bar.tsx';
import { splitSentence } from './split-verdict.ts';
import {
  changedWeights,
  type SplitSegment,
  shiftShare,
  splitSegments,
  type WeightedBackend,
} from './split-weights.ts';
import { type DraftEnd, type SplitDraft, withWeights } from './use-split-draft.ts';
import { useTargetAge } from './use-target-age.ts';

/** More parts than this cannot be told apart in the bar. */
const MAX_SEGMENTS = 24;
/** Changed weights named while dragging. */
const MAX_NUMBERS = 4;

interface SplitPanelProps {
  pool: PoolStatus;
  draft: SplitDraft;
  onUseWeights: () => void;
}

export function SplitPanel({ pool, draft, onUseWeights }: SplitPanelProps) {
  const [box, widthPx] = useBoxWidth<HTMLDivElement>();
  const base = useRef<readonly WeightedBackend[]>([]);
  const ends = useRef<DraftEnd>('release');
  // A border that goes away ends its change by what it was last given, which is older than this.
  const newest = useRef(draft);
  newest.current = draft;
  const commit = (next: readonly WeightedBackend[]) => {
    const { settled, commit: save, cancel } = newest.current;
    const changes = changedWeights(base.current, next);
    const gone = changes.some(({ name }) => !settled.some((backend) => backend.name === name));
    if (gone) cancel();
    else save(withWeights(settled, changes));
  };
  const weighted = policyUsesWeights(pool.policy);
  const targets = pool.backends.map(({ name }) => ({ name, share: draft.shares.get(name) ?? 0 }));
  const actuals = pool.backends.map(({ name, actualShare }) => ({ name, share: actualShare ?? 0 }));
  const indexes = new Map(pool.backends.map(({ name }, index) => [name, index]));
  const coloured = (segment: SplitSegment): BarSegment => ({
    ...segment,
    colour: segment.members > 1 ? 'var(--muted)' : seriesColour(indexes.get(segment.name) ?? 0),
  });
  const segments = splitSegments(targets, MAX_SEGMENTS).map(coloured);

  return (
    <section aria-label="Traffic split" className="rounded-lg border border-line bg-panel px-3.5 pt-3 pb-3">
      <header className="mb-2 flex h-[18px] items-baseline justify-between gap-4">
        <h2 className="shrink-0 font-semibold">Traffic split</h2>
        <SplitNote pool={pool} draft={draft} weighted={weighted} onUseWeights={onUseWeights} />
      </header>
      <div ref={box}>
        {segments.length === 0 ? (
          <p className="flex h-[45px] items-center justify-center rounded-md border border-line border-dashed text-muted">
            {noServiceText(pool)}
          </p>
        ) : (
          <SplitBar
            target={segments}
            actual={splitSegments(actuals, MAX_SEGMENTS).map(coloured)}
            widthPx={widthPx}
            adjustable={weighted}
            saving={draft.phase === 'saving'}
            onStart={(by) => {
              ends.current = by === 'keys' ? 'soon' : 'release';
              base.current = draft.weights;
            }}
            onMove={(pair, shareDelta, phase) => {
              const next = shiftShare(base.current, draft.inRotation, pair, shareDelta);
              if (phase === 'preview') draft.preview(next, ends.current);
              else commit(next);
            }}
            onCancel={draft.cancel}
          />
        )}
      </div>
    </section>
  );
}

interface SplitNoteProps extends SplitPanelProps {
  weighted: boolean;
}

const HOW_IT_ENDS: Readonly<Record<DraftEnd, string>> = {
  release: 'release to apply, Esc to keep',
  soon: 'applied in a moment, Enter at once, Esc takes back',
  enter: 'Enter to apply, Esc to keep',
};

function SplitNote({ pool, draft, weighted, onUseWeights }: SplitNoteProps) {
  const targetAgeMs = useTargetAge(pool);
  const unserved = useUnserved().get(pool.name) ?? 0;
  if (draft.phase === 'dragging') {
    const saved = pool.backends.map(({ name, weight }) => ({ name, weight }));
    const changed = changedWeights(saved, draft.weights);
    const numbers = changed
      .slice(0, MAX_NUMBERS)
      .map(({ name, weight }) => `${name} ${weight}`)
      .join(' · ');
    return (
      <p className="truncate text-text">
        <span className="text-muted">weights </span>
        {changed.length === 0 ? 'unchanged' : numbers}
        {changed.length > MAX_NUMBERS ? ' …' : ''}
        <span className="text-muted"> · {HOW_IT_ENDS[draft.ends]}</span>
      </p>
    );
  }
  const requests = pool.requestsLastMinute;
  const sentence = splitSentence({
    parts: pool.backends,
    requests,
    unserved,
    policy: pool.policy,
    targetAgeMs,
  });
  return (
    <p className="flex min-w-0 items-baseline gap-2 text-muted">
      <span className="truncate">
        target above · actual below · last 60 s
        {requests > 0 ? ` · ${formatCount(requests)} ${requests === 1 ? 'request' : 'requests'}, ` : ' · '}
        <span className={sentence.tone === 'off' ? 'font-medium text-warn' : undefined}>{sentence.text}</span>
        {draft.phase === 'saving' ? ' · saving…' : ''}
      </span>
      {weighted ? null : (
        <Button
          size="sm"
          variant="ghost"
          className="-my-1 text-accent-text"
          title="Round robin ignores weights. Changes the policy to weighted round robin."
          onClick={onUseWeights}
        >
          Split by weight
        </Button>
      )}
    </p>
  );
}
