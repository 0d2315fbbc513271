// The JSON Schema that editors use for sluice.json is generated from the config schemas and
// committed; `vitest -u` writes it again after a change.
import { expect, it } from 'vitest';
import { z } from 'zod';
import { Config } from '#shared/config/config.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

const schema = z.toJSONSchema(Config, { io: 'input' });

/** What a description has to name when the field's name ends so. */
const UNITS: readonly [RegExp, RegExp][] = [
  [/Ms$/, /\bms\b/],
  [/[a-z]Bytes$/, /\bbytes\b/],
  [/PerS$/, /\bper second\b/],
  [/Pct$/, /\bpercent\b/],
];

interface Field {
  path: string;
  name: string;
  description: string;
}

function fieldsOf(node: JsonSchema, path = ''): Field[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([name, field]) =>
    typeof field === 'boolean'
      ? []
      : [
          { path: `${path}.${name}`, name, description: field.description ?? '' },
          ...fieldsOf(field, `${path}.${name}`),
        ],
  );
  const variants = [node.items ?? [], node.anyOf ?? [], node.oneOf ?? []].flat();
  return [
    ...own,
    ...variants.flatMap((variant) => (typeof variant === 'boolean' ? [] : fieldsOf(variant, path))),
  ];
}

const fields = fieldsOf(schema);

it('describes every field', () => {
  expect(fields.length).toBeGreaterThan(80);
  expect(JSON.stringify(schema)).not.toContain('"$ref"');
  expect(fields.filter(({ description }) => description === '').map(({ path }) => path)).toEqual([]);
});

it('names the unit of every field that has one', () => {
  const silent = fields.filter(({ name, description }) =>
    UNITS.some(([ending, unit]) => ending.test(name) && !unit.test(description)),
  );
  expect(silent.map(({ path }) => path)).toEqual([]);
});

it('resources/sluice.schema.json is the schema of the config', async () => {
  const published = { ...schema, title: 'Sluice configuration' };
  await expect(`${JSON.stringify(published, null, 2)}\n`).toMatchFileSnapshot(
    '../../resources/sluice.schema.json',
  );
});
