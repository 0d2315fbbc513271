// The whole surface as text: a change of any operation, event, error or config field shows in review.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Config } from '#shared/config/config.ts';
import { EVENTS, OPERATIONS, Snapshot } from '#shared/contract.ts';
import { ERRORS } from '#shared/errors.ts';

const schemaOf = (schema: z.ZodType, io: 'input' | 'output') =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any' });

describe('the surface', () => {
  it('has these operations', () => {
    const surface = Object.entries(OPERATIONS).map(([name, operation]) => ({
      name,
      kind: operation.kind,
      summary: operation.summary,
      input: schemaOf(operation.input, 'input'),
      output: schemaOf(operation.output, 'output'),
    }));
    expect(surface.length).toBeGreaterThan(20);
    expect(surface).toMatchSnapshot();
  });

  it('has these events', () => {
    const events = Object.entries(EVENTS).map(([name, schema]) => ({
      name,
      value: schemaOf(schema, 'output'),
    }));
    expect({ events, snapshot: schemaOf(Snapshot, 'output') }).toMatchSnapshot();
  });

  it('has these errors', () => {
    expect(ERRORS).toMatchSnapshot();
  });

  it('has this config', () => {
    expect(schemaOf(Config, 'input')).toMatchSnapshot();
  });
});
