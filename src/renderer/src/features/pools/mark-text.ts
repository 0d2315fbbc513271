// How a mark on the charts of a pool is worded there. Pure; called by use-markers.

/** "weight of api/api-3: 5 → 10" → "weight of api-3: 5 → 10"; paths, and listeners of that name, stay whole. */
export function withoutPool(text: string, pool: string): string {
  const [subject = ''] = text.split(':', 1);
  if (/ (?:route|certificate) \S+\//.test(subject)) return text;
  return subject.replaceAll(` ${pool}/`, ' ') + text.slice(subject.length);
}
