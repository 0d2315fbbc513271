// The current route as React sees it, and the way to another one. Follows the browser's own history, so
// back and forward work.
import { useSyncExternalStore } from 'react';
import { hrefOf, parseRoute, type Route } from './route.ts';

let hash = window.location.hash;
let route = parseRoute(hash);

function watch(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}

function current(): Route {
  if (window.location.hash !== hash) {
    hash = window.location.hash;
    route = parseRoute(hash);
  }
  return route;
}

export function useRoute(): Route {
  return useSyncExternalStore(watch, current);
}

export function navigate(to: Route): void {
  window.location.hash = hrefOf(to);
}

/** Goes there in place of the current route, which nobody comes back to. */
export function replaceRoute(to: Route): void {
  window.history.replaceState(window.history.state, '', hrefOf(to));
  // The browser tells nobody of this.
  window.dispatchEvent(new Event('hashchange'));
}
