// A route as a sentence, and what its place in the list means. Pure; called by the listeners page.
import type { RouteMatch } from '#shared/config/listener.ts';

/** "api.example.test/v1", "*.example.test", "/api", "everything". */
export function matchText(match: RouteMatch): string {
  const text = `${match.host ?? ''}${match.pathPrefix ?? ''}`;
  return text === '' || text === '/' ? 'everything' : text;
}

/** Where a route may go with ↑ and ↓; undefined when it is at that end already. */
export function movedIndex(index: number, step: -1 | 1, count: number): number | undefined {
  const next = index + step;
  return next < 0 || next >= count ? undefined : next;
}
