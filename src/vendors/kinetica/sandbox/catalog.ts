import type { Random } from '../../../sandbox-kit/random.ts';
import type { KineticaJob } from './job.ts';

/** What a job does, for whom and from where. */
export type Work = Pick<KineticaJob, 'endpoint' | 'queryText' | 'userData' | 'authId' | 'sourceIp' | 'errorMessage' | 'response'>;

type Template = (random: Random) => { endpoint: string; queryText?: string; userData?: string; authId: string };

const analysts = ['j.moreau', 'a.okafor', 'm.tanaka', 'l.svensson', 'r.castellanos'] as const;
const regions = ['emea', 'amer', 'apac', 'dach', 'nordics'] as const;
const cities = ['Zürich', 'São Paulo', 'Osaka', 'Detroit', 'Lagos', "L'Aquila"] as const;
const tables = ['fleet.track', 'fleet.trip', 'retail.basket', 'retail.stock_level', 'telecom.cell_event', 'energy.meter_reading'] as const;

/** Work that a client waits for on an open connection. */
const interactive: readonly Template[] = [
  (random) => ({
    endpoint: '/execute/sql',
    queryText: `SELECT COUNT(*) FROM ${random.pick(tables)} WHERE region = '${random.pick(regions)}'`,
    authId: random.pick(analysts),
  }),
  (random) => ({
    endpoint: '/execute/sql',
    queryText: `SELECT vehicle_id, AVG(speed_kmh)\nFROM fleet.track\nWHERE city = '${random.pick(cities).replace("'", "''")}'\nGROUP BY vehicle_id\nORDER BY 2 DESC`,
    userData: 'speed-dashboard',
    authId: 'svc_superset',
  }),
  (random) => ({
    endpoint: '/execute/sql',
    queryText: `SELECT t.trip_id, ST_LENGTH(t.path, 1) FROM fleet.trip t JOIN fleet.zone z ON STXY_WITHIN(t.end_x, t.end_y, z.shape) WHERE z.zone_id = ${random.integer(100, 999)}`,
    authId: random.pick(analysts),
  }),
  () => ({ endpoint: '/aggregate/groupby', userData: 'basket-size-by-store', authId: 'svc_superset' }),
  () => ({ endpoint: '/get/records/bycolumn', authId: 'grafana_ro' }),
  () => ({ endpoint: '/show/table', authId: 'grafana_ro' }),
  () => ({ endpoint: '/visualize/image/heatmap', userData: 'cell-coverage-map', authId: 'svc_maps' }),
  () => ({ endpoint: '/filter/byarea', authId: 'svc_maps' }),
  () => ({ endpoint: '/insert/records', userData: 'kafka-meter-readings', authId: 'svc_ingest' }),
  () => ({ endpoint: '/update/records', userData: 'stock-correction', authId: 'etl_retail' }),
];

/** Work started through /create/job. */
const background: readonly Template[] = [
  (random) => ({
    endpoint: '/execute/sql',
    queryText: `CREATE OR REPLACE TABLE fleet.daily_${random.pick(regions)} AS SELECT vehicle_id, DATE(ts) AS day, SUM(distance_m) FROM fleet.track GROUP BY 1, 2`,
    userData: 'nightly-rollup',
    authId: 'etl_fleet',
  }),
  (random) => ({
    endpoint: '/execute/sql',
    queryText: `INSERT INTO retail.basket_archive SELECT * FROM retail.basket WHERE store_id BETWEEN ${random.integer(1, 400)} AND ${random.integer(401, 900)}`,
    userData: 'basket-archive',
    authId: 'etl_retail',
  }),
  (random) => ({
    endpoint: '/execute/sql',
    queryText: `REFRESH MATERIALIZED VIEW telecom.cell_load_${random.pick(regions)}`,
    userData: 'cell-load-refresh',
    authId: 'dbt_runner',
  }),
  () => ({ endpoint: '/create/jointable', userData: 'trip-weather-join', authId: 'dbt_runner' }),
  () => ({ endpoint: '/create/projection', userData: 'meter-reading-projection', authId: 'dbt_runner' }),
  () => ({ endpoint: '/alter/table', userData: 'add-compression', authId: 'admin' }),
  (random) => ({ endpoint: '/export/records/tofiles', userData: `export-${random.pick(regions)}-parquet`, authId: 'svc_export' }),
  (random) => ({ endpoint: '/insert/records/fromfiles', userData: `load-track-${random.pick(regions)}`, authId: 'etl_fleet' }),
  () => ({ endpoint: '/solve/graph', userData: 'delivery-routes', authId: 'svc_routing' }),
  () => ({ endpoint: '/match/graph', userData: 'map-matching', authId: 'svc_routing' }),
  () => ({ endpoint: '/delete/records', userData: 'gdpr-erasure', authId: 'svc_privacy' }),
  () => ({ endpoint: '/admin/rebalance', authId: 'admin' }),
  () => ({ endpoint: '/admin/verifydb', authId: 'admin' }),
];

const errorMessages = [
  "Table 'fleet.track_staging' does not exist (S/SDc:1513)",
  'Internal_Error: Worker rank 3 ran out of memory while evaluating the join (S/SJt:902)',
  "Bad column 'distance_m': expected type double, got string (S/SDc:1244)",
  "Unable to read file 'kifs://landing/track_0412.parquet': unexpected end of file (S/SIf:377)",
  'Query exceeded the limit of resource group analysts (S/SRg:118)',
] as const;

export function pickWork(random: Random, kind: KineticaJob['kind']): Work {
  const template = random.pick(kind === 'sync' ? interactive : background);
  return {
    queryText: '',
    userData: '',
    ...template(random),
    sourceIp: `10.20.${random.integer(0, 3)}.${random.integer(10, 240)}`,
    errorMessage: random.pick(errorMessages),
    response: `{"count_affected":${random.integer(0, 4_000_000)},"status":"OK"}`,
  };
}
