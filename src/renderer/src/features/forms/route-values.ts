// What the route form holds, and its way from and to RouteConfig. Pure.
import { RouteConfig } from '#shared/config/listener.ts';
import { formSchema, textFrom } from './form-schema.ts';

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
  return formSchema(
    (values: RouteValues) => ({
      name: values.name.trim(),
      pool: values.pool,
      match: { host: textFrom(values.match.host), pathPrefix: textFrom(values.match.pathPrefix) },
    }),
    RouteConfig,
    original,
  );
}
