import type { Random } from '../../../sandbox-kit/random.ts';
import { endOfTime } from './complete-job.ts';
import type { Job } from './job.ts';
import type { KylinState } from './state.ts';

interface ProjectPlan {
  description: string;
  models: readonly string[];
  tables: readonly string[];
}

const plans: Record<string, ProjectPlan> = {
  retail: {
    description: 'Stores, web shop and loyalty programme',
    models: ['sales_daily', 'orders_enriched', 'store_inventory', 'customer_360'],
    tables: ['SHOP.ORDERS', 'SHOP.ORDER_ITEMS', 'SHOP.DIM_STORE'],
  },
  finance: {
    description: 'Ledger, invoices and planning',
    models: ['ledger_monthly', 'invoice_aging', 'cash_flow_forecast'],
    tables: ['FIN.GL_ENTRIES', 'FIN.INVOICES'],
  },
  supply_chain: {
    description: 'Shipments, suppliers and warehouses',
    models: ['shipment_tracking', 'supplier_scorecard', 'warehouse_utilization'],
    tables: ['SCM.SHIPMENTS', 'SCM.DIM_SUPPLIER'],
  },
};

const submitters = ['etl_svc', 'etl_svc', 'etl_svc', 'ADMIN', 'maria.keller', 'j.okafor', 'li.wei'] as const;

/** Types with their weights, and whether they work on a table. */
const jobTypes = [
  { type: 'INC_BUILD', weight: 34, onTable: false },
  { type: 'INDEX_BUILD', weight: 22, onTable: false },
  { type: 'INDEX_REFRESH', weight: 14, onTable: false },
  { type: 'INDEX_MERGE', weight: 8, onTable: false },
  { type: 'SUB_PARTITION_BUILD', weight: 3, onTable: false },
  { type: 'SUB_PARTITION_REFRESH', weight: 2, onTable: false },
  { type: 'LAYOUT_DATA_OPTIMIZE', weight: 2, onTable: false },
  { type: 'SNAPSHOT_BUILD', weight: 5, onTable: true },
  { type: 'SNAPSHOT_REFRESH', weight: 4, onTable: true },
  { type: 'TABLE_SAMPLING', weight: 4, onTable: true },
  { type: 'INTERNAL_TABLE_BUILD', weight: 2, onTable: true },
] as const;
const weightedTypes = jobTypes.flatMap((entry) => Array.from({ length: entry.weight }, () => entry));

/** Draws what jobs are about: their type (unless it is given), target, data range and submitter; not their state or times. */
export interface Catalog {
  draw(nowMs: number, type?: string): Draft;
}

export type Draft = Partial<Job> & Pick<Job, 'runMs'>;

/** Enters the projects with their models, tables and users into `state`. */
export function createCatalog(state: KylinState, random: Random): Catalog {
  const modelIds = new Map<string, string>();
  for (const [project, { description, models, tables }] of Object.entries(plans)) {
    state.projects.add(project, description);
    for (const subject of [...models, ...tables]) state.projects.addSubject(project, subject);
    for (const model of models) modelIds.set(model, random.uuid());
  }
  state.accounts.add({ username: 'ADMIN', password: 'KYLIN', admin: true });
  state.accounts.add({ username: 'etl_svc', password: 'nightly-loads', permissions: { retail: 'OPERATION', finance: 'OPERATION' } });
  state.accounts.add({ username: 'maria.keller', password: 'only-looking', permissions: { retail: 'READ' } });

  return {
    draw(nowMs, wantedType) {
      const project = random.pick(Object.keys(plans));
      const { models, tables } = plans[project] ?? { models: [], tables: [] };
      const { type, onTable } = jobTypes.find((entry) => entry.type === wantedType) ?? random.pick(weightedTypes);
      const subject = random.pick(onTable ? tables : models);
      return {
        project,
        type,
        subject,
        model: modelIds.get(subject) ?? subject,
        submitter: random.pick(submitters),
        segments: onTable ? [] : Array.from({ length: type === 'INDEX_MERGE' ? random.integer(2, 4) : 1 }, () => random.uuid()),
        snapshotDataRange: type.startsWith('SNAPSHOT_') ? random.pick(['FULL', 'FULL', 'INC']) : null,
        indexCount: random.integer(4, 60),
        runMs: random.integer(90_000, 720_000),
        ...(!onTable && random.chance(0.7) ? drawDays(random, nowMs) : { dataRangeStart: '0', dataRangeEnd: endOfTime }),
      };
    },
  };
}

const dayMs = 86_400_000;

/** A data range of whole days in the past. */
function drawDays(random: Random, nowMs: number): Pick<Job, 'dataRangeStart' | 'dataRangeEnd'> {
  const end = Math.floor(nowMs / dayMs) - random.integer(0, 60);
  const days = random.pick([1, 1, 1, 7, 30]);
  return { dataRangeStart: String((end - days) * dayMs), dataRangeEnd: String(end * dayMs) };
}
