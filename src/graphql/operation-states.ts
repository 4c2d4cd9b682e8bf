import type { ExecutionResult, Subscription } from './operation.ts';
import type { BeginWork } from './request-context.ts';
import type { Context } from './resolvers/context.ts';

/** The state of one operation while Apollo Server processes it. */
export interface OperationState {
  beginWork: BeginWork;
  /** Null until a subscription has started. */
  subscription: Subscription | null;
  /** The result that Apollo Server must respond with. Null: not executed, or already used. */
  execution: Promise<ExecutionResult> | null;
}

export interface OperationStates {
  begin(context: Context, beginWork: BeginWork): void;
  /** The state of an operation that has started. */
  of(context: Context): OperationState;
}

export function createOperationStates(): OperationStates {
  // Keyed by the job service, not by the context, which Apollo Server copies.
  const states = new WeakMap<Context['jobs'], OperationState>();
  return {
    begin: ({ jobs }, beginWork) => void states.set(jobs, { beginWork, subscription: null, execution: null }),
    of({ jobs }) {
      const state = states.get(jobs);
      if (!state) throw new Error('The operation has not started');
      return state;
    },
  };
}
