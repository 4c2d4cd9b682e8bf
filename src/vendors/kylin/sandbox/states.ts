import { type InternalState, statesOf } from './job.ts';
import { type Rejection, unexpected } from './rejections.ts';

/** The states that the statuses in a filter select. Kylin fails on a status that it can't translate. */
export function toStates(statuses: readonly string[]): Set<InternalState> | Rejection {
  const states = new Set<InternalState>();
  for (const status of statuses) {
    const translated = statesOf(status);
    if (!translated) return unexpected(`Can not map ${status} to ExecutableState`);
    for (const state of translated) states.add(state);
  }
  return states;
}
