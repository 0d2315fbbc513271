// The JSON Schema that editors use for sluice.json is generated from the config schemas and
// committed; `vitest -u` writes it again after a change.
import { expect, it } from 'vitest';
import { z } from 'zod';
import { Config } from '#shared/config/config.ts';

it('resources/sluice.schema.json is the schema of the config', async () => {
  const schema = z.toJSONSchema(Config, { io: 'input' });
  const published = { ...schema, title: 'Sluice configuration' };
  await expect(`${JSON.stringify(published, null, 2)}\n`).toMatchFileSnapshot(
    '../../resources/sluice.schema.json',
  );
});
