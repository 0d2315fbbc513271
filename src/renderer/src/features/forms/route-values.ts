// What the route form holds, its way from and to RouteConfig, and what a new route starts with. Pure.
import { issuesBetween } from '#shared/config/config.ts';
import { type ListenerConfig, RouteConfig } from '#shared/config/listener.ts';
import { formatAddress } from '#shared/config/primitives.ts';
import { listenerOrigin } from '../../lib/listener-url.ts';
import type { FieldError } from './field-errors.ts';
import { formSchema, textFrom } from './form-schema.ts';
import { placeIssues } from './issues.ts';
import { freeWord } from './names.ts';

export interface RouteValues {
  name: string;
  pool: string;
  match: { host: string; pathPrefix: string };
}

export function newRouteValues(name: string, pool: string): RouteValues {
  return { name, pool, match: { host: '', pathPrefix: '' } };
}

export function routeValues(route: RouteConfig): RouteValues {
  return {
    name: route.name,
    pool: route.pool,
    match: { host: route.match.host ?? '', pathPrefix: route.match.pathPrefix ?? '' },
  };
}

/** `original`: what is being edited; none for a new one. */
export function routeFormSchema(original?: RouteConfig) {
  return formSchema(routeInput, RouteConfig, original);
}

/** What is refused of a route although its shape is right. */
export function routeMisfits(values: RouteValues): FieldError[] {
  // Whether the pool is there is for the core to say, which knows the newest ones.
  const config = { listeners: [{ routes: [routeInput(values)] }], pools: [{ name: values.pool }] };
  return placeIssues(issuesBetween(config), 'route', values).fields;
}

function routeInput(values: RouteValues): unknown {
  return {
    name: values.name.trim(),
    pool: values.pool,
    match: { host: textFrom(values.match.host), pathPrefix: textFrom(values.match.pathPrefix) },
  };
}

/** A legal character of a path that elsewhere stands for any text; undefined without one. */
export function literalStarText(pathPrefix: string): string | undefined {
  if (!pathPrefix.includes('*')) return undefined;
  const before = pathPrefix.trim().replace(/\/?\*+$/, '');
  const instead =
    before.startsWith('/') && !before.includes('*') ? ` ${before} alone takes all below it.` : '';
  return `The * is taken literally: only paths with a * in them match.${instead}`;
}

/** The one a new route is most likely meant for: a listener that only redirects asks none of its routes. */
export function likelyListener(listeners: readonly ListenerConfig[]): string | undefined {
  return (listeners.find(({ redirectToHttps }) => redirectToHttps === undefined) ?? listeners[0])?.name;
}

/** What tells listeners apart beside their names: where they answer. */
export function listenerText({ protocol, host, port, redirectToHttps }: ListenerConfig): string {
  const where =
    port === 0
      ? `${protocol}, port chosen by the system`
      : listenerOrigin(protocol, formatAddress(host, port));
  return redirectToHttps === undefined ? where : `${where}, sends all to https`;
}

export function freeRouteName(siblings: ListenerConfig['routes']): string {
  return freeWord(
    siblings.length === 0 ? 'all' : 'route',
    siblings.map(({ name }) => name),
  );
}

/** Before a last route that takes everything, where a new one would never be reached; else at the end. */
export function defaultPlace(siblings: ListenerConfig['routes']): number {
  const last = siblings.at(-1);
  const catchesAll =
    last !== undefined && last.match.host === undefined && last.match.pathPrefix === undefined;
  return catchesAll ? siblings.length - 1 : siblings.length;
}
