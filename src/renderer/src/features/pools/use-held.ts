// Keeps showing what was just asked for until Status says the same, at most three seconds, so a
// released handle does not snap back and forth. It is shown as pending, never as fact.
import { useCallback, useEffect, useState } from 'react';

const EXPIRES_MS = 3000;

interface Held<T> {
  value: T;
  key: string;
}

export interface HeldValue<T> {
  /** What was asked for and is not confirmed; null when Status is all there is. */
  held: T | null;
  /** `key` is what `actualKey` will be once it came true. */
  hold: (value: T, key: string) => void;
  release: () => void;
}

export function useHeld<T>(actualKey: string): HeldValue<T> {
  const [current, setCurrent] = useState<Held<T> | null>(null);
  const confirmed = current !== null && current.key === actualKey;
  useEffect(() => {
    if (current === null) return;
    if (confirmed) {
      setCurrent(null);
      return;
    }
    const timer = setTimeout(() => setCurrent(null), EXPIRES_MS);
    return () => clearTimeout(timer);
  }, [current, confirmed]);
  const hold = useCallback((value: T, key: string) => setCurrent({ value, key }), []);
  const release = useCallback(() => setCurrent(null), []);
  return { held: current !== null && !confirmed ? current.value : null, hold, release };
}
