import { expect, test } from 'vitest';
import { allocateMemory, freeMemory } from '../../src/json/large-memory.ts';

test('frees the memory of large texts, whoever allocated it', () => {
  const own = allocateMemory(300_000);
  expect(own).toHaveLength(300_000);
  const ofZlib = Buffer.alloc(2_000_000);
  for (const bytes of [own, ofZlib]) {
    freeMemory(bytes);
    expect(bytes.buffer.byteLength).toBe(0);
  }
});

test('leaves small buffers alone, as they share their memory', () => {
  const small = Buffer.from('small');
  const neighbor = Buffer.from('neighbor');
  expect(neighbor.buffer).toBe(small.buffer);
  freeMemory(small);
  expect(neighbor.toString()).toBe('neighbor');
});
