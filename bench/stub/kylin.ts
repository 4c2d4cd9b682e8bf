import { generationOf, vendorId } from '../ids.ts';
import { type Handler, notFound, ok } from './http.ts';
import { type Prepared, prepare, template } from './prepared.ts';
import { createTurn } from './turn.ts';

/** Before the generation in an id. */
const lead = 2;
const headers = 'content-type: application/vnd.apache.kylin-v4-public+json\r\n';
const totalSize = 5000;
const root = '/kylin/api/jobs';

function row(id: string, index: number, status: string, newestMs: number): object {
  const createdMs = newestMs - 1_000 - 4_000 * index;
  const ended = status === 'DISCARDED';
  return {
    id,
    last_modified: createdMs + 60_000,
    duration: 43_367,
    total_duration: 46_936,
    exec_start_time: createdMs + 3_569,
    exec_end_time: ended ? createdMs + 50_000 : 0,
    create_time: createdMs,
    wait_time: 3_569,
    steps: [],
    progress: 0,
    step_ratio: 0.33333334,
    job_status: status,
    scheduler_state: ended ? 'DISCARDED' : 'RUNNING',
    job_name: 'INC_BUILD',
    job_scheduler_mode: 'CHAIN',
    data_range_start: 1_790_294_400_000,
    data_range_end: 1_790_380_800_000,
    target_model: '877c38cc-19a1-475e-92eb-6b41b8cd1cc7',
    target_subject: 'supplier_scorecard',
    target_subject_error: false,
    target_segments: ['8cda5bec-b06c-4737-a75f-8cb9bb7452c0'],
    related_segment: '8cda5bec-b06c-4737-a75f-8cb9bb7452c0',
    segments: null,
    snapshot_data_range: null,
    project: 'supply_chain',
    submitter: 'li.wei',
    discard_safety: true,
    tag: null,
    version: null,
  };
}

function page(rows: number, size: number, total: number): (rowAt: (index: number) => object) => string {
  return (rowAt) =>
    JSON.stringify({
      code: '000',
      data: { value: Array.from({ length: rows }, (_, index) => rowAt(index)), total_size: total, offset: 0, limit: size },
      msg: '',
    });
}

export function createKylin(newestMs: number, count: (endpoint: string) => void): Handler {
  const pages = new Map<string, Prepared>();
  const pageOf = (size: number, status: string): Prepared => {
    const key = `${size} ${status}`;
    const known = pages.get(key);
    if (known) return known;
    const text = page(size, size, totalSize)((index) => row(template(vendorId('kylin', 0, index), lead), index, status, newestMs));
    const made = prepare(ok(headers, text));
    pages.set(key, made);
    return made;
  };
  const running = page(1, 10, 1)(() => row('@id', 0, 'RUNNING', newestMs)).split('@id');
  const discarded = page(1, 10, 1)(() => row('@id', 0, 'DISCARDED', newestMs)).split('@id');
  const empty = ok(
    headers,
    page(0, 10, totalSize)(() => ({})),
  );
  const done = ok(headers, '{"code":"000","data":"","msg":""}');
  const turn = createTurn();
  return (method, target, body) => {
    if (method === 'PUT' && target === `${root}/status`) {
      count('PUT jobs/status');
      turn.cancel(generationOf(body.slice(body.indexOf('["') + 2), lead));
      return done;
    }
    if (!target.startsWith(`${root}?`)) return notFound();
    const query = new URLSearchParams(target.slice(root.length + 1));
    const id = query.get('key');
    if (id !== null) {
      count('jobs?key=');
      return ok(headers, (generationOf(id, lead) === turn.lastCancelled ? discarded : running).join(id));
    }
    count('jobs');
    if (Number(query.get('page_offset') ?? 0) > 0) return empty;
    const answer = pageOf(Number(query.get('page_size') ?? 10), turn.cancelled ? 'DISCARDED' : 'RUNNING').withGenerations(turn.generation);
    turn.shown();
    return answer;
  };
}
