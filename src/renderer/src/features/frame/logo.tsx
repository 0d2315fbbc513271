// The mark: a channel between two gates.
export function Logo() {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" className="text-accent-text">
      <path
        d="M2 2.5v13M2 5h4.2c1.2 0 1.8.7 1.8 1.8v4.4c0 1.1.6 1.8 1.8 1.8H16M16 2.5v13"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
