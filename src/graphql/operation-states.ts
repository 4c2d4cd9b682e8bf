import type { ExecutionResult, Subscription } from './operation.ts';
import type { BeginWork } from './request-context.ts';
import type { Context } from './resolvers/context.ts';

/** What is known of one operation while Apollo Server has it in hand. */
export interface OperationState {
  beginWork: BeginWork;
  /** Null until a subscription has begun. */
  subscription: Subscription | null;
  /** The execution that Apollo Server is to answer with; null: it hasn't been executed, or has been answered. */
  execution: Promise<ExecutionResult> | null;
}

export interface OperationStates {
  begin(context: Context, beginWork: BeginWork): void;
  /** That of an operation that has begun. */
  of(context: Context): OperationState;
}

export function createOperationStates(): OperationStates {
  // By the operation on jobs and not by the context, of which Apollo Server makes a copy.
  const states = new WeakMap<Context['jobs'], OperationState>();
  return {
    begin: ({ jobs }, beginWork) => void states.set(jobs, { beginWork, subscription: null, execution: null }),
    of({ jobs }) {
      const state = states.get(jobs);
      if (!state) throw new Error('An operation that has not begun');
      return state;
    },
  };
}
