// Incidents are kept for ever: those of one backend are found without reading everyone else's.
import type { Migration } from './index.ts';

export const incidentsOfABackend: Migration = {
  version: 20,
  name: 'incidents-of-a-backend',
  sql: 'CREATE INDEX incidents_series_start ON incidents (series, start_at);',
};
