// The drawings of the first run's cards: plain SVG in the colours of the theme, without meaning for
// assistive tools.
import type { ReactNode } from 'react';

function Drawing({ children }: { children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 120 44"
      className="h-11 w-[120px] text-muted"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

/** One stream that parts into two. */
export function SplitArt() {
  return (
    <Drawing>
      <path d="M4 22h26" />
      <rect x="30" y="14" width="16" height="16" rx="4" stroke="var(--accent)" />
      <path d="M46 22h8c8 0 8-13 18-13h14" stroke="var(--series-1)" strokeWidth="2.5" />
      <path d="M46 22h8c8 0 8 13 18 13h14" stroke="var(--series-2)" strokeWidth="2.5" />
      <rect x="87" y="2" width="28" height="14" rx="3.5" />
      <rect x="87" y="28" width="28" height="14" rx="3.5" />
      <circle cx="94" cy="9" r="2" fill="var(--up)" stroke="none" />
      <circle cx="94" cy="35" r="2" fill="var(--up)" stroke="none" />
    </Drawing>
  );
}

/** Traffic that rises and falls. */
export function DemoArt() {
  return (
    <Drawing>
      <path d="M4 40h112" />
      <path
        d="M4 32c8-2 10-12 18-12s8 8 16 8 10-18 20-18 8 14 18 14 8-10 16-10 10 8 24 6v20H4z"
        fill="var(--accent)"
        fillOpacity="0.16"
        stroke="none"
      />
      <path
        d="M4 32c8-2 10-12 18-12s8 8 16 8 10-18 20-18 8 14 18 14 8-10 16-10 10 8 24 6"
        stroke="var(--accent)"
        strokeWidth="2"
      />
    </Drawing>
  );
}

/** A file that comes in. */
export function ImportArt() {
  return (
    <Drawing>
      <path d="M6 6a4 4 0 0 1 4-4h16l10 10v26a4 4 0 0 1-4 4H10a4 4 0 0 1-4-4z" />
      <path d="M26 2v10h10" />
      <path d="M17 20c-3 0-1 5-4 5.5 3 .5 1 5.5 4 5.5M25 20c3 0 1 5 4 5.5-3 .5-1 5.5-4 5.5" />
      <path d="M46 25h22m-7-7 7 7-7 7" stroke="var(--accent)" strokeWidth="2" />
      <rect x="80" y="12" width="34" height="7" rx="2" fill="var(--series-1)" stroke="none" />
      <rect x="80" y="22" width="22" height="7" rx="2" fill="var(--series-2)" stroke="none" />
      <rect x="80" y="32" width="28" height="7" rx="2" fill="var(--series-3)" stroke="none" />
    </Drawing>
  );
}
