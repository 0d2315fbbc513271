// Which commands fit what was typed, best first. Pure: every word must be found; a word that starts a
// word of the label counts more than one in the middle.

export interface Rankable {
  label: string;
  keywords: string;
}

/** At most `limit` of `items`, best first; all in order when nothing was typed. */
export function rankCommands<T extends Rankable>(items: readonly T[], query: string, limit: number): T[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return items.slice(0, limit);
  return items
    .map((item, index) => ({ item, index, score: scoreOf(item, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, limit)
    .map(({ item }) => item);
}

function scoreOf(item: Rankable, words: readonly string[]): number {
  const label = item.label.toLowerCase();
  const keywords = item.keywords.toLowerCase();
  let score = 0;
  for (const [i, word] of words.entries()) {
    const inLabel = wordScore(label, word);
    const best = inLabel > 0 ? inLabel + 2 : wordScore(keywords, word);
    if (best === 0) return 0;
    score += best;
    if (i === 0 && label.startsWith(word)) score += 4;
  }
  // Of two that fit alike, the shorter label is closer to what was typed.
  return score + 1 / (1 + label.length);
}

function wordScore(text: string, word: string): number {
  const at = text.indexOf(word);
  if (at === -1) return 0;
  const starts = at === 0 || /[^a-z0-9]/.test(text[at - 1] ?? '');
  if (!starts) return 1;
  const end = text[at + word.length];
  return end === undefined || /[^a-z0-9]/.test(end) ? 4 : 3;
}
