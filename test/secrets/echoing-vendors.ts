import type { IncomingMessage, ServerResponse } from 'node:http';
import { startServer, type TestServer } from '../transport/start-server.ts';

/** The responses of the stubs: jobs, each vendor's own errors, or a page or redirect of a server in front of the vendor. */
export const modes = ['jobs', 'errors', 'page', 'redirect', 'cut page'] as const;
export type Mode = (typeof modes)[number];

export interface EchoOptions {
  mode: Mode;
  /** The text that the vendor returns wherever it can: it includes a form of a secret. */
  words(): string;
  /** The same, of visible ASCII characters. */
  headerWords(): string;
}

/** Kylin, AODocs, Vault, and Kinetica, written from their manuals, which repeat what they know wherever they can. */
export interface EchoingVendors {
  kinetica: TestServer;
  'veeva-vault': TestServer;
  kylin: TestServer;
  aodocs: TestServer;
}

export const kylinJob = '00000000-1111-4222-8333-444444444444';
export const session = 'Vault-Session-0123456789ABCDEF';
export const cookie = 'F00DFACE0123456789ABCDEF';

export async function startEchoingVendors(options: EchoOptions): Promise<EchoingVendors> {
  const start = (answer: Answer): Promise<TestServer> =>
    startServer((request, response) => {
      if (answerInFront(options, response)) return;
      const { status = 200, body, headers = {} } = answer(new URL(request.url ?? '', 'http://stub'), request, options);
      response.writeHead(status, { 'content-type': 'application/json', 'x-words': options.headerWords(), ...headers });
      response.end(JSON.stringify(body));
    });
  const [kinetica, vault, kylin, aodocs] = await Promise.all([
    start(answerAsKinetica),
    start(answerAsVault),
    start(answerAsKylin),
    start(answerAsAodocs),
  ]);
  return { kinetica, 'veeva-vault': vault, kylin, aodocs };
}

type Answer = (
  url: URL,
  request: IncomingMessage,
  options: EchoOptions,
) => { status?: number; body: unknown; headers?: Record<string, string> };

/** What is in front of the vendor. False: it forwards the request. */
function answerInFront({ mode, words, headerWords }: EchoOptions, response: ServerResponse): boolean {
  if (mode === 'page') {
    response.writeHead(200, { 'content-type': `text/html; echo=${headerWords()}` }).end(`<html>${words()}</html>`);
  } else if (mode === 'cut page') {
    // Jobyard shows 100 characters of a content type.
    response.writeHead(200, { 'content-type': `text/html; echo=${'x'.repeat(70)}${headerWords()}` }).end(words());
  } else if (mode === 'redirect') {
    response
      .writeHead(302, { location: `https://${headerWords()}@login.example/${'x'.repeat(140)}/${headerWords()}?p=${headerWords()}` })
      .end();
  } else return false;
  return true;
}

const answerAsKinetica: Answer = ({ pathname }, _request, { mode, words }) => {
  const wrap = (data: unknown) => ({ body: { status: 'OK', message: '', data_type: 'x', data: '', data_str: JSON.stringify(data) } });
  if (mode === 'errors') return { status: 400, body: { status: 'ERROR', message: `Refused (${words()})`, data_str: '' } };
  if (pathname.endsWith('/admin/show/jobs')) {
    return wrap({
      job_id: [11, 12],
      status: ['RUNNING', words()],
      endpoint_name: ['/filter', words()],
      time_received: [1_700_000_000_000, 1_700_000_000_001],
      auth_id: [words(), 'ada'],
      source_ip: [words(), '::1'],
      query_text: [words(), ''],
      user_data: [words(), words()],
      flags: [[words()], []],
    });
  }
  if (pathname.endsWith('/admin/alter/jobs')) return wrap({ job_ids: [11], action: 'cancel', status: [words()], info: { note: words() } });
  if (pathname.endsWith('/get/job')) {
    return wrap({ endpoint: words(), job_status: 'ERROR', running: false, progress: 100, status_map: { error_message: words() } });
  }
  return wrap({ status_map: { system: JSON.stringify({ status: words() }), ha_status: JSON.stringify({ drained: words() }) } });
};

const answerAsVault: Answer = ({ pathname, host }, request, { mode, words }) => {
  const failure = () => ({
    body: {
      responseStatus: 'FAILURE',
      errors: [{ type: mode === 'jobs' ? words() : 'OPERATION_NOT_ALLOWED', message: words() }],
      errorType: words(),
    },
  });
  if (pathname.endsWith('/auth')) {
    const vault = { id: 7, url: `http://${request.headers.host ?? host}/api` };
    return { body: { responseStatus: 'SUCCESS', sessionId: session, vaultId: 7, vaultIds: [vault] } };
  }
  if (mode === 'errors') return failure();
  const job = {
    job_id: 101,
    title: words(),
    status: 'RUNNING',
    created_by: words(),
    created_date: '2026-01-02T03:04:05.000Z',
    [words()]: { deep: [words()] },
  };
  const responseDetails = { total: 1, limit: 200, offset: 0 };
  if (pathname.endsWith('/monitors')) return { body: { responseStatus: 'SUCCESS', responseDetails, jobs: [job] } };
  if (pathname.endsWith('/histories'))
    return { body: { responseStatus: 'SUCCESS', responseDetails: { ...responseDetails, total: 0 }, jobs: [] } };
  if (pathname.endsWith('/tasks')) {
    return { body: { responseStatus: 'SUCCESS', responseDetails, tasks: [{ id: words(), state: words() }] } };
  }
  if (pathname.endsWith('/actions/cancel')) return { body: { responseStatus: 'SUCCESS', data: [failure().body] } };
  if (pathname.endsWith('/query')) {
    return { body: { responseStatus: 'FAILURE', errors: [{ type: 'INCORRECT_QUERY_SYNTAX_ERROR', message: words() }] } };
  }
  if (request.method === 'GET') return { body: { responseStatus: 'SUCCESS', data: { ...job, id: 101 } } };
  return failure();
};

const answerAsKylin: Answer = ({ pathname }, request, { mode, words }) => {
  const headers = { 'set-cookie': `JSESSIONID=${cookie}; Path=/kylin; HttpOnly` };
  const refuse = () => ({
    status: 500,
    headers,
    body: { code: '999', data: null, msg: `KE-010032217: ${words()}`, stacktrace: words(), url: words() },
  });
  if (mode === 'errors' || request.method === 'PUT') return refuse();
  if (pathname.endsWith('/detail')) {
    const step = {
      id: words(),
      name: words(),
      step_status: 'ERROR',
      failed_msg: words(),
      failed_code: words(),
      failed_resolve: words(),
      info: { [words()]: `https://yarn.example/${words()}`, yarn_application_tracking_url: 'https://yarn.example/app' },
    };
    return { headers, body: { code: '000', msg: '', data: [{ ...step, sub_stages: [step] }] } };
  }
  const row = {
    job_status: 'ERROR',
    job_name: words(),
    project: words(),
    target_subject: words(),
    submitter: words(),
    create_time: 1_700_000_000_000,
    target_segments: [words()],
    tag: { a: [words()] },
    snapshot_data_range: words(),
  };
  // The second row has no usable status, the third an ID with a secret.
  const value = [
    { ...row, id: kylinJob },
    { ...row, id: `${kylinJob}-2`, job_status: { no: words() } },
    { ...row, id: `${kylinJob}-${words()}` },
  ];
  return { headers, body: { code: '000', msg: words(), data: { value, total_size: 3, offset: 0, limit: 500 } } };
};

const answerAsAodocs: Answer = ({ pathname }, _request, { mode, words }) => {
  const refuse = (status: number) => ({
    status,
    body: { error: { code: status, message: words(), errors: [{ reason: 'conditionNotMet', message: words() }] } },
  });
  if (mode === 'errors') return refuse(400);
  const job = {
    jobId: 'Job0001',
    status: 'IN_PROGRESS',
    type: words(),
    requestor: words(),
    libraryId: words(),
    startedAt: '1700000000000',
  };
  if (pathname.endsWith('/cancel')) return refuse(412);
  if (pathname.includes('/events/')) return { body: { events: [{ message: words(), timestamp: '1' }] } };
  if (pathname.endsWith('/tokens')) return { body: { jobList: [job], nextPageToken: words() } };
  if (pathname.includes('/libraries/')) {
    return {
      body: {
        jobList: [job, { ...job, jobId: 'Job0002', status: words() }, { ...job, jobId: words() }, { ...job, jobId: { no: words() } }],
      },
    };
  }
  return { body: { ...job, status: 'FAILED' } };
};
