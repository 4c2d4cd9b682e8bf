import type { JobAction } from '../../src/jobs/job.ts';
import type { Random } from '../../src/sandbox-kit/random.ts';
import { type Asked, actionKinds, type Operation } from './callers.ts';
import type { History } from './history.ts';
import { administrator, type Choice, listStrangers } from './plans.ts';
import type { CallerPlan } from './replica.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Something that can happen, and how often it does in relation to the others. */
export type Step = [weight: number, take: () => unknown];

export interface CallerParts {
  plan: Random;
  time: VirtualTime;
  choice: Choice;
  systemIds: readonly string[];
  callers: readonly CallerPlan[];
  history: History;
  usesBulk: boolean;
  /** Null: there is no process that would take it. */
  ask(asked: Asked): Promise<Operation | null>;
  /** Runs concurrently with everything else. */
  beside(work: unknown): void;
}

/** What callers remember of earlier responses. */
interface Memory {
  bulkIds: Set<string>;
  tokens: { token: string; action: JobAction; caller: CallerPlan }[];
  pages: { caller: CallerPlan; variables: Operation['variables']; after: string }[];
}

/** Chooses what callers ask for. */
interface Choices {
  jobs(count: number): string[];
  filter(): object;
  /** After how many milliseconds the caller leaves. */
  leaves(): number | null;
  caller(): CallerPlan;
}

/** What callers do. */
export function createCallerSteps(parts: CallerParts): Step[] {
  const memory: Memory = { bulkIds: new Set(), tokens: [], pages: [] };
  const choices = createChoices(parts);
  return [...createJobSteps(parts, choices, memory), ...createBulkSteps(parts, choices, memory)];
}

function createChoices({ plan, choice, systemIds, callers, history }: CallerParts): Choices {
  const strangers = listStrangers(choice);
  return {
    jobs(count) {
      const known = [...history.jobIds()];
      return Array.from({ length: count }, () => (known.length === 0 || plan.chance(0.08) ? plan.pick(strangers) : plan.pick(known)));
    },
    filter: () =>
      plan.pick<object>([
        {},
        { statuses: ['RUNNING', 'QUEUED'] },
        { systemIds: [plan.pick(systemIds)] },
        { systemIds: [plan.pick(systemIds)], statuses: ['RUNNING'] },
        { availableAction: 'CANCEL' },
      ]),
    leaves: () => (plan.chance(0.07) ? plan.integer(1, 3_000) : null),
    caller: () => (plan.chance(0.5) ? administrator : plan.pick(callers)),
  };
}

function createJobSteps({ plan, time, ask, beside }: CallerParts, choices: Choices, { pages }: Memory): Step[] {
  const { jobs, filter, leaves, caller } = choices;
  return [
    [
      28,
      () => {
        const kind = plan.chance(0.65) ? 'CANCEL' : plan.pick(actionKinds);
        const input = {
          ids: jobs(plan.integer(1, 8)),
          ...(plan.chance(0.1) && { dryRun: true }),
          ...(plan.chance(0.3) && { idempotencyKey: plan.pick(['one', 'two', 'three']) }),
          ...(kind === 'CANCEL' && plan.chance(0.2) && { waitSeconds: plan.integer(1, 10) }),
        };
        const asked: Asked = { caller: caller(), kind, variables: { input }, leavesAfterMs: leaves() };
        beside(ask(asked));
        // The same request once more, at once or later: from a proxy, or from a caller that did not wait.
        if (plan.chance(0.15)) time.later(plan.integer(0, 4_000), () => beside(ask(asked)));
      },
    ],
    [9, () => ask({ caller: caller(), kind: 'read', variables: { ids: jobs(plan.integer(1, 6)) }, leavesAfterMs: leaves() })],
    [
      9,
      async () => {
        const next = plan.chance(0.5) ? pages.pop() : undefined;
        const who = next?.caller ?? caller();
        const variables = next ? { ...next.variables, after: next.after } : { filter: filter(), first: plan.pick([2, 5, 10, 50]) };
        const operation = await ask({ caller: who, kind: 'list', variables, leavesAfterMs: leaves() });
        const data = operation?.data;
        const after = data?.jobs?.pageInfo.hasNextPage ? data.jobs.pageInfo.endCursor : null;
        if (after) pages.push({ caller: who, variables, after });
      },
    ],
    [3, () => ask({ caller: caller(), kind: 'events', variables: {}, leavesAfterMs: null })],
    [2, () => ask({ caller: caller(), kind: 'wait', variables: { ids: jobs(2) }, leavesAfterMs: leaves() })],
    [2, () => ask({ caller: caller(), kind: 'subscribe', variables: { ids: jobs(2) }, leavesAfterMs: plan.integer(500, 20_000) })],
  ];
}

function createBulkSteps({ plan, usesBulk, ask, beside }: CallerParts, choices: Choices, { bulkIds, tokens }: Memory): Step[] {
  const { filter, leaves, caller } = choices;
  return [
    [
      4,
      async () => {
        const action = plan.chance(0.8) ? 'CANCEL' : plan.pick(actionKinds);
        const who = caller();
        const operation = await ask({ caller: who, kind: 'preview', variables: { action, filter: filter() }, leavesAfterMs: leaves() });
        const data = operation?.data;
        if (data?.previewBulkAction) tokens.push({ token: data.previewBulkAction.token, action, caller: who });
      },
    ],
    [
      5,
      async () => {
        const preview = plan.chance(0.6) ? tokens.pop() : undefined;
        if (!usesBulk) return;
        const input = {
          action: preview?.action ?? 'CANCEL',
          ...(preview ? { previewToken: preview.token } : { filter: filter() }),
          ...(preview && plan.chance(0.2) && { ifChanged: 'REJECT' }),
          ...(plan.chance(0.2) && { allowIncomplete: true }),
          ...(plan.chance(0.2) && { maxPerSecond: plan.pick([1, 5]) }),
          ...(plan.chance(0.3) && { idempotencyKey: plan.pick(['bulk-one', 'bulk-two']) }),
          reason: 'a bad day',
        };
        const who = preview?.caller ?? caller();
        const operation = await ask({ caller: who, kind: 'start', variables: { input }, leavesAfterMs: leaves() });
        const data = operation?.data;
        if (data?.startBulkAction?.id) bulkIds.add(data.startBulkAction.id);
      },
    ],
    [
      5,
      () => {
        if (bulkIds.size === 0) return;
        const kind = plan.pick(['suspend', 'resume', 'resume', 'cancelBulk', 'retryFailed', 'bulk', 'bulks'] as const);
        beside(ask({ caller: caller(), kind, variables: { id: plan.pick([...bulkIds]) }, leavesAfterMs: leaves() }));
      },
    ],
  ];
}
