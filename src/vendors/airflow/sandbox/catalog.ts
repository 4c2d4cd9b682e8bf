import type { Random } from '../../../sandbox-kit/random.ts';
import { planTask } from './complete-job.ts';
import type { Dag, Run, RunType, TaskPlan } from './job.ts';

const forever = Number.POSITIVE_INFINITY;

/** A DAG that takes every run, with no owners, tags, and parameters. */
export function createPlainDag(dagId: string, tasks: readonly TaskPlan[]): Dag {
  const working = { isPaused: false, isStale: false, isGone: false, hasImportErrors: false, takesManualRuns: true };
  return { dagId, displayName: dagId, tasks, owners: [], tags: [], params: {}, ...working };
}

function createDag(dagId: string, tasks: readonly TaskPlan[], fields: Partial<Dag> = {}): Dag {
  return { ...createPlainDag(dagId, tasks), owners: ['airflow'], ...fields };
}

/** The DAGs at the start: one for each way in which tasks behave. */
export function createDags(): Dag[] {
  return [
    createDag(
      'etl_orders',
      [planTask({ taskId: 'extract' }), planTask({ taskId: 'transform' }), planTask({ taskId: 'load', retries: 2 })],
      {
        displayName: 'Orders, nightly',
        owners: ['data-platform'],
        tags: ['etl', 'orders'],
      },
    ),
    createDag('train_model', [planTask({ taskId: 'prepare' }), planTask({ taskId: 'train', mapped: 3, runMs: 300_000 })], { tags: ['ml'] }),
    createDag('publish_report', [
      planTask({ taskId: 'render' }),
      planTask({ taskId: 'send', operator: 'EmailOperator', failures: 1, retries: 1, runMs: 20_000 }),
    ]),
    createDag('load_test', [
      planTask({ taskId: 'create_cluster', runMs: 30_000 }),
      planTask({ taskId: 'run' }),
      planTask({ taskId: 'delete_cluster', isTeardown: true, runMs: 30_000 }),
    ]),
    createDag('wait_for_upload', [
      planTask({ taskId: 'wait', operator: 'S3KeySensorAsync', isDeferred: true }),
      planTask({ taskId: 'copy' }),
    ]),
    createDag('check_quality', [planTask({ taskId: 'choose' }), planTask({ taskId: 'repair', isSkipped: true })]),
    createDag('import_legacy', [planTask({ taskId: 'import', failures: forever, ignoresStop: true, runMs: 60_000 })], {
      owners: ['legacy'],
    }),
    createDag('archive_logs', [planTask({ taskId: 'archive' })], { isPaused: true }),
    createDag('old_exports', [planTask({ taskId: 'export' })], { isStale: true }),
  ];
}

/** Draws what a run is about. */
export type Draft = Pick<Run, 'dagId' | 'type' | 'user' | 'conf'>;

const types: readonly RunType[] = ['scheduled', 'scheduled', 'scheduled', 'manual', 'manual', 'asset_triggered', 'backfill'];
const users = ['maria.keller', 'etl_svc', 'j.okafor', 'li.wei'] as const;

/** `dags`: those that still run. */
export function drawRun(dags: readonly Dag[], random: Random): Draft {
  const type = random.pick(types);
  return {
    dagId: random.pick(dags).dagId,
    type,
    user: type === 'manual' ? random.pick(users) : null,
    conf: type === 'manual' && random.chance(0.5) ? { table: random.pick(['orders', 'returns', 'stock']), full: random.chance(0.5) } : {},
  };
}
