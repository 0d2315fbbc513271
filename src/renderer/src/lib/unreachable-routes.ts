// Which routes of a listener no request can reach, because an earlier one takes all that they match. Pure;
// called by the listeners page and by the import of a config.
import type { RouteConfig, RouteMatch } from '#shared/config/listener.ts';

/** Names of routes no request can reach: one before them takes all that they match. */
export function unreachableRoutes(routes: readonly RouteConfig[]): ReadonlyMap<string, string> {
  const shadowed = new Map<string, string>();
  routes.forEach((route, i) => {
    const before = routes.slice(0, i).find((earlier) => covers(earlier.match, route.match));
    if (before !== undefined) shadowed.set(route.name, before.name);
  });
  return shadowed;
}

function covers(wide: RouteMatch, narrow: RouteMatch): boolean {
  return coversHost(wide.host, narrow.host) && coversPath(wide.pathPrefix, narrow.pathPrefix);
}

function coversHost(wide: string | undefined, narrow: string | undefined): boolean {
  if (wide === undefined) return true;
  if (narrow === undefined) return false;
  const [a, b] = [wide.toLowerCase(), narrow.toLowerCase()];
  if (a === b) return true;
  if (!a.startsWith('*.') || b.startsWith('*.')) return false;
  // The star stands for exactly one label.
  return b.slice(b.indexOf('.')) === a.slice(1);
}

function coversPath(wide: string | undefined, narrow: string | undefined): boolean {
  const prefix = (wide ?? '/').replace(/\/$/, '');
  const path = (narrow ?? '/').replace(/\/$/, '');
  return path === prefix || path.startsWith(`${prefix}/`);
}
