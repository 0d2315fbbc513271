// Where the window is, as data and as the part of the URL after "#". Pure. A link can be shared and a
// reload stays where it was.

export type Route =
  | { page: 'overview' }
  | { page: 'listeners' }
  | { page: 'pool'; pool: string }
  | { page: 'revisions' }
  /** `part`: what on it to lead to. */
  | { page: 'settings'; part?: 'authority' }
  /** A link to something this version does not have. */
  | { page: 'unknown'; path: string };

export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#?\/?/, '').replace(/\?.*$/, '');
  const [head = '', ...rest] = path.split('/');
  if (head === 'pools' && rest.length === 1 && rest[0]) return { page: 'pool', pool: decode(rest[0]) };
  if (head === 'settings' && rest.length === 1 && rest[0] === 'authority') {
    return { page: 'settings', part: 'authority' };
  }
  if (rest.length > 0) return { page: 'unknown', path };
  switch (head) {
    case '':
    case 'overview':
      return { page: 'overview' };
    case 'listeners':
    case 'revisions':
    case 'settings':
      return { page: head };
    default:
      return { page: 'unknown', path };
  }
}

/** The page alone, whatever part of it is led to. */
export function wholePage(route: Route): Route {
  return route.page === 'settings' ? { page: 'settings' } : route;
}

/** For an `href`: "#/pools/api". */
export function hrefOf(route: Route): string {
  switch (route.page) {
    case 'pool':
      return `#/pools/${encodeURIComponent(route.pool)}`;
    case 'overview':
      return '#/';
    case 'settings':
      return route.part === undefined ? '#/settings' : `#/settings/${route.part}`;
    case 'unknown':
      return `#/${route.path}`;
    default:
      return `#/${route.page}`;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
