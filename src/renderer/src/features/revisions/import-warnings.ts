// What is accepted in an imported config and yet hardly meant, as the listeners page will say it once the
// config runs. Pure; called by import-config for a config that was found valid.
import { parseConfig } from '#shared/config/config.ts';
import { unreachableRoutes } from '../../lib/unreachable-routes.ts';

export function importWarnings(input: unknown): string[] {
  const parsed = parseConfig(input);
  if (!parsed.ok) return [];
  return parsed.value.listeners
    .filter(({ redirectToHttps }) => redirectToHttps === undefined)
    .flatMap(({ name, routes }) => {
      if (routes.length === 0) return [`Listener ${name} has no route: every request to it gets 404.`];
      return [...unreachableRoutes(routes)].map(
        ([route, before]) => `Route ${name}/${route} is never reached: route “${before}” comes first.`,
      );
    });
}
