// What a segment of the split bar says of itself in the width it has. Pure; called by split-bar.

const CHAR_PX = 7.4;
const PADDING_PX = 20;
/** A name cut to fewer letters says nothing. */
const LEAST_NAME = 8;

/** Both, a longer name cut short; the name alone; the share alone; or nothing but the tooltip. */
export function segmentLabel(name: string, share: string, widthPx: number): readonly string[] {
  const room = Math.floor((widthPx - PADDING_PX) / CHAR_PX);
  if (Math.min(name.length, LEAST_NAME) + 2 + share.length <= room) return [name, share];
  if (name.length <= room) return [name];
  return share.length <= room ? [share] : [];
}

/** 0.6 → "60", 0.613 → "61.3": a decimal only where it says something. */
export function shortShare(share: number): string {
  const pct = share * 100;
  const rounded = Math.round(pct);
  return Math.abs(pct - rounded) < 0.05 ? String(rounded) : pct.toFixed(1);
}
