// What the config says happens when a limit of a pool is exceeded is what the table of failures makes happen.
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { PoolConfig } from '#shared/config/pool.ts';
import { FAILURES, type Failure } from '../../../src/main/engine/failure.ts';

const timeouts = PoolConfig.shape.timeouts.unwrap().shape;
const retries = PoolConfig.shape.retries.unwrap().shape;
const queue = PoolConfig.shape.queue.unwrap().shape;

const textOf = (schema: z.ZodType) => schema.meta()?.description ?? '';

describe('the documentation of a limit', () => {
  it.each<[string, z.ZodType, Failure]>([
    ['timeouts.connectMs', timeouts.connectMs, 'connect-timeout'],
    ['timeouts.responseHeaderMs', timeouts.responseHeaderMs, 'response-timeout'],
    ['timeouts.idleMs', timeouts.idleMs, 'response-stalled'],
    ['retries.deadlineMs', retries.deadlineMs, 'deadline'],
    ['queue.max', queue.max, 'queue-full'],
    ['queue.timeoutMs', queue.timeoutMs, 'queue-timeout'],
    ['queue.timeoutMs, with a deadline before', queue.timeoutMs, 'queue-deadline'],
  ])('%s names the answer, and another backend where one is tried', (_field, schema, failure) => {
    const { status, retry } = FAILURES[failure];
    const text = textOf(schema);
    expect(text).toContain(String(status));
    expect(/(next|another) backend/.test(text)).toBe(retry !== 'never');
    expect(/\bidempotent\b/.test(text)).toBe(retry === 'idempotent');
  });

  it.each([
    ['queue.max', queue.max],
    ['healthCheck.timeoutMs', PoolConfig.shape.healthCheck.unwrap().options[0].shape.timeoutMs],
  ])('%s, which a form shows too, names no field of the file', (_field, schema) => {
    expect(textOf(schema)).not.toMatch(/\b[a-z]+[A-Z]/);
  });
});
