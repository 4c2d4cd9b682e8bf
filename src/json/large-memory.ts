/**
 * Allocates memory of its own for a large text, which `freeMemory` returns to the system at once. malloc would keep it, in pieces between other
 * memory. Takes longer than a usual buffer: 0.2 ms for 256 KiB.
 */
export function allocateMemory(byteCount: number): Buffer {
  // Only resizable memory can be returned.
  return Buffer.from(new ArrayBuffer(byteCount, { maxByteLength: byteCount }));
}

const minFreedBytes = 1_000_000;

/** Frees the memory of a large text without waiting for a full garbage collection. The buffer is then empty. Does nothing for small buffers. */
export function freeMemory({ buffer, length }: Buffer): void {
  if (!(buffer instanceof ArrayBuffer)) return;
  if (buffer.resizable) buffer.resize(0);
  // Small buffers share their memory.
  else if (length > minFreedBytes) buffer.transfer(0);
}
