// One string for a backend of a pool, for maps. Names cannot hold "/", so keys never collide.

export function backendKey(pool: string, backend: string): string {
  return `${pool}/${backend}`;
}

export function splitBackendKey(key: string): { pool: string; backend: string } {
  const slash = key.indexOf('/');
  return { pool: key.slice(0, slash), backend: key.slice(slash + 1) };
}
