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
  /** Gives back the turn of a mutation that names jobs. Null: it has none. */
  endActions: (() => void) | null;
}

/** The context of an operation that has started. Apollo Server copies it, and each copy has the same state. */
export interface StartedContext extends Context {
  state: OperationState;
}

/** `beginWork`: see BeginOptions. */
export function startContext(context: Context, beginWork: BeginWork): StartedContext {
  return { ...context, state: { beginWork, subscription: null, execution: null, endActions: null } };
}
