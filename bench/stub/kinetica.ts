import { generationOf, vendorId } from '../ids.ts';
import { type Handler, notFound, ok } from './http.ts';
import { type Prepared, prepare, template } from './prepared.ts';

/** Before the generation in an id. */
const lead = 1;
const neverUsed = 999_999;
const headers =
  'Content-Type: application/json\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: x-request-time-secs\r\nx-request-time-secs: 0.00309\r\n';

function wrap(type: string, data: object): string {
  return JSON.stringify({ status: 'OK', message: '', data_type: type, data: '', data_str: JSON.stringify(data) });
}

/** The list of all jobs: the generation that was cancelled last, then as many that run. */
function list(rows: number, newestMs: number): Prepared {
  const each = <Value>(value: (index: number) => Value): Value[] => Array.from({ length: 2 * rows }, (_, index) => value(index));
  const ids = each((index) => template(vendorId('kinetica', 0, index % rows), lead, index < rows ? 'first' : 'second'));
  const data = {
    job_id: [],
    status: each((index) => (index < rows ? 'CANCELLED' : 'RUNNING')),
    endpoint_name: each((index) => ['/execute/sql', '/create/projection', '/export/records/tofiles'][index % 3]),
    time_received: each((index) => newestMs - 4_000 * (index % rows) - (index < rows ? 86_400_000 : 0)),
    auth_id: each((index) => ['etl_user', 'admin', 'bi_reader'][index % 3]),
    source_ip: each((index) => `10.20.0.${10 + (index % 80)}`),
    query_text: each((index) =>
      index % 3 === 0 ? `SELECT region, COUNT(*) FROM fleet.track_${index} WHERE speed > 88.5 AND city = 'Lyon' GROUP BY region` : '',
    ),
    user_data: each((index) => `nightly-rollup-${String(index).padStart(4, '0')}`),
    flags: each(() => ''),
    info: {},
  };
  const text = wrap('admin_show_jobs_response', data).replace('\\"job_id\\":[]', `\\"job_id\\":[${ids.join(',')}]`);
  return prepare(ok(headers, text));
}

/** `rows`: how many jobs the cluster runs, and how many it shows that have ended. */
export function createKinetica(rows: number, newestMs: number, count: (endpoint: string) => void): Handler {
  const jobs = list(rows, newestMs);
  let cancelled = -1;
  return (_method, target, body) => {
    if (target === '/admin/show/jobs') {
      count('show/jobs');
      return jobs.withGenerations(cancelled < 0 ? neverUsed : cancelled, cancelled + 1);
    }
    if (target === '/admin/alter/jobs') {
      count('alter/jobs');
      const ids = body.slice(body.indexOf('[') + 1, body.indexOf(']'));
      cancelled = generationOf(ids, lead);
      const words = ids.replace(/[^,]+/g, '\\"OK\\"');
      const data = `{\\"job_ids\\":[${ids}],\\"action\\":\\"cancel\\",\\"status\\":[${words}],\\"info\\":{}}`;
      return ok(headers, `{"status":"OK","message":"","data_type":"admin_alter_jobs_response","data":"","data_str":"${data}"}`);
    }
    return notFound();
  };
}
