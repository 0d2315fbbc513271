// Which route a request takes: the first, in the order given, whose host and path both match.
// compileRoutes indexes routes by host and by path prefix once, so a match costs a few look-ups and
// never more than the configuration's own size, whatever the client sends. Pure; one per ListenerState.
import type { RoutePlan } from '../plan.ts';

export interface Router {
  /** `hostname` lower case without port; `path` without the query, compared byte by byte. */
  match(hostname: string, path: string): RoutePlan | undefined;
}

/** The routes of one host, by path prefix. Numbers are positions in the listener's list. */
interface PathIndex {
  /** First route without a path condition, or Infinity. */
  anyPath: number;
  /** Prefix → first route with it. */
  prefixes: Map<string, number>;
  /** Distinct lengths of `prefixes`: the only places where a path need be cut. */
  lengths: number[];
}

const SLASH = 0x2f;
const DOT = 0x2e;

export function compileRoutes(routes: readonly RoutePlan[]): Router {
  const anyHost = createPathIndex();
  const exactHosts = new Map<string, PathIndex>();
  /** What follows "*." → routes. */
  const wildcardHosts = new Map<string, PathIndex>();

  routes.forEach((route, position) => {
    if (route.host === undefined) addRoute(anyHost, route, position);
    else if (route.host.startsWith('*.'))
      addRoute(indexOf(wildcardHosts, route.host.slice(2)), route, position);
    else addRoute(indexOf(exactHosts, route.host), route, position);
  });
  const hostMatters = exactHosts.size > 0 || wildcardHosts.size > 0;

  return {
    match(hostname, path) {
      let first = firstRoute(anyHost, path, Number.POSITIVE_INFINITY);
      if (hostMatters) {
        const host = withoutRootDot(hostname);
        const exact = exactHosts.get(host);
        if (exact !== undefined) first = firstRoute(exact, path, first);
        const dot = host.indexOf('.');
        // A "*" stands for one whole label, so there must be something before the first dot.
        const wildcard = dot > 0 ? wildcardHosts.get(host.slice(dot + 1)) : undefined;
        if (wildcard !== undefined) first = firstRoute(wildcard, path, first);
      }
      return routes[first];
    },
  };
}

function createPathIndex(): PathIndex {
  return { anyPath: Number.POSITIVE_INFINITY, prefixes: new Map(), lengths: [] };
}

function indexOf(hosts: Map<string, PathIndex>, host: string): PathIndex {
  let index = hosts.get(host);
  if (index === undefined) {
    index = createPathIndex();
    hosts.set(host, index);
  }
  return index;
}

function addRoute(index: PathIndex, route: RoutePlan, position: number): void {
  const prefix = route.pathPrefix;
  if (prefix === undefined) {
    if (position < index.anyPath) index.anyPath = position;
  } else if (!index.prefixes.has(prefix)) {
    index.prefixes.set(prefix, position);
    if (!index.lengths.includes(prefix.length)) index.lengths.push(prefix.length);
  }
}

/** The lower of `limit` and the first route of `index` that matches `path`. */
function firstRoute(index: PathIndex, path: string, limit: number): number {
  let first = Math.min(index.anyPath, limit);
  for (const length of index.lengths) {
    if (!endsOnSegment(path, length)) continue;
    const position = index.prefixes.get(path.slice(0, length));
    if (position !== undefined && position < first) first = position;
  }
  return first;
}

/** Whether the first `length` characters of `path` are whole segments: "/api" of "/api/x", not of "/apiary". */
function endsOnSegment(path: string, length: number): boolean {
  if (path.length <= length) return path.length === length;
  return path.charCodeAt(length) === SLASH || path.charCodeAt(length - 1) === SLASH;
}

/** "example.test." names the same host as "example.test". */
function withoutRootDot(hostname: string): string {
  return hostname.charCodeAt(hostname.length - 1) === DOT ? hostname.slice(0, -1) : hostname;
}
