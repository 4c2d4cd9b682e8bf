import type { ChildProcess } from 'node:child_process';
import { nextMessage, startHelper } from '../child.ts';
import type { Origins } from '../targets/target.ts';
import type { StubReady } from './main.ts';

/** The vendors' process. */
export interface Stub {
  process: ChildProcess;
  origins: Origins;
}

export async function startStub(): Promise<Stub> {
  const child = startHelper(new URL('main.ts', import.meta.url));
  const { origins } = await nextMessage<StubReady>(child);
  return { process: child, origins };
}
