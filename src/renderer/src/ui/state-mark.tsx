// The shape of a state, 12 × 12, drawn so that each is told from the others without colour. The word
// stands beside it; alone, give it a `title`.
import { toneColour } from '../lib/colours.ts';
import type { MarkShape, Tone } from '../lib/state-marks.ts';

export interface StateMarkProps {
  shape: MarkShape;
  tone: Tone;
  /** Pixels; default 11. */
  size?: number;
  /** What it says when no word stands beside it. */
  title?: string;
  className?: string;
}

export function StateMark({ shape, tone, size = 11, title, className }: StateMarkProps) {
  const box = {
    width: size,
    height: size,
    viewBox: '0 0 12 12',
    className,
    style: { color: toneColour(tone), flexShrink: 0 },
  };
  if (title === undefined) {
    return (
      <svg {...box} aria-hidden="true">
        <Shape shape={shape} />
      </svg>
    );
  }
  return (
    <svg {...box} role="img" aria-label={title}>
      <title>{title}</title>
      <Shape shape={shape} />
    </svg>
  );
}

function Shape({ shape }: { shape: MarkShape }) {
  switch (shape) {
    case 'dot':
      return <circle cx="6" cy="6" r="5" fill="currentColor" />;
    case 'half':
      return (
        <>
          <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.4" />
          <path d="M6 1.4a4.6 4.6 0 0 1 0 9.2z" fill="currentColor" />
        </>
      );
    case 'square':
      return <rect x="1" y="1" width="10" height="10" rx="1.5" fill="currentColor" />;
    case 'checking':
      return (
        <>
          <circle
            cx="6"
            cy="6"
            r="4.6"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.4"
            strokeDasharray="1.6 1.6"
          />
          <path d="M6 6V2.6A3.4 3.4 0 0 1 9.4 6z" fill="currentColor" />
        </>
      );
    case 'triangle':
      return <path d="M0.8 1.8h10.4L6 10.8z" fill="currentColor" strokeLinejoin="round" />;
    case 'triangle-hollow':
      return (
        <path
          d="M1.9 2.5h8.2L6 9.7z"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinejoin="round"
        />
      );
    case 'pause':
      return (
        <>
          <rect x="2" y="1.5" width="3" height="9" rx="0.8" fill="currentColor" />
          <rect x="7" y="1.5" width="3" height="9" rx="0.8" fill="currentColor" />
        </>
      );
    case 'ring':
      return <circle cx="6" cy="6" r="4.4" fill="none" stroke="currentColor" strokeWidth="1.4" />;
  }
}
