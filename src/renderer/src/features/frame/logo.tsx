// The mark: two gates and the channel between them.
export function Logo() {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" className="text-accent-text">
      <path
        d="M2 2v12M14 2v12M2 5h4.5c3 0 2 6 5 6H14"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
      />
    </svg>
  );
}
