// On which systems several engine threads can serve together. Pure; asked by core-parts.ts.

/**
 * Only Linux spreads connections over sockets that share an address. macOS and the BSDs give them all
 * to the last one, Windows has no such thing, and Node refuses there.
 */
export function canShareAddresses(platform: NodeJS.Platform): boolean {
  return platform === 'linux';
}

/** Why there are fewer threads than asked for, in a sentence; null when there are as many. */
export function workersNotice(workers: number, platform: NodeJS.Platform): string | null {
  if (workers === 1 || canShareAddresses(platform)) return null;
  return `engine.workers is ${workers}, but only Linux can spread connections over several threads; one is used here`;
}
