// Where the window is, as data and as the part of the URL after "#". Pure. A link can be shared and a
// reload stays where it was.

export type Route =
  | { page: 'overview' }
  | { page: 'listeners' }
  | { page: 'pool'; pool: string }
  | { page: 'revisions' }
  | { page: 'settings' }
  /** A link to something this version does not have. */
  | { page: 'unknown'; path: string };

export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#?\/?/, '').replace(/\?.*$/, '');
  const [head = '', ...rest] = path.split('/');
  if (head === 'pools' && rest.length === 1 && rest[0]) return { page: 'pool', pool: decode(rest[0]) };
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

/** For an `href`: "#/pools/api". */
export function hrefOf(route: Route): string {
  switch (route.page) {
    case 'pool':
      return `#/pools/${encodeURIComponent(route.pool)}`;
    case 'overview':
      return '#/';
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
