import type { Echo } from '../contract.ts';

const vendorId = '00000000-1111-4222-8333-444444444444';
const cookie = 'F00DFACE0123456789ABCDEF';

export const echo: Echo = {
  vendorIds: [vendorId],
  settings: (secret, settings) => ({ ...settings, username: 'ada', password: secret }),
  secrets: 'any',
  learned: [cookie],
  answer({ pathname }, request, { mode, words }) {
    const headers = { 'set-cookie': `JSESSIONID=${cookie}; Path=/kylin; HttpOnly` };
    if (mode === 'errors' || request.method === 'PUT') {
      const body = { code: '999', data: null, msg: `KE-010032217: ${words()}`, stacktrace: words(), url: words() };
      return { status: 500, headers, body };
    }
    if (pathname.endsWith('/detail')) return { headers, body: { code: '000', msg: '', data: createSteps(words) } };
    if (pathname.endsWith('/output')) return { headers, body: { code: '000', msg: '', data: { cmd_output: `${words()}\n${words()}` } } };
    const value = createRows(words);
    return { headers, body: { code: '000', msg: words(), data: { value, total_size: value.length, offset: 0, limit: 500 } } };
  },
};

function createSteps(words: () => string): object[] {
  const step = {
    id: words(),
    name: words(),
    step_status: 'ERROR',
    exec_start_time: 1_700_000_000_000,
    failed_msg: words(),
    failed_code: words(),
    failed_resolve: words(),
    info: { [words()]: `https://yarn.example/${words()}`, yarn_application_tracking_url: 'https://yarn.example/app' },
  };
  return [{ ...step, sub_stages: [step] }];
}

/** The second row has no usable status, the third an ID with a secret. */
function createRows(words: () => string): object[] {
  const row = {
    job_status: 'ERROR',
    job_name: words(),
    project: words(),
    target_subject: words(),
    submitter: words(),
    create_time: 1_700_000_000_000,
    target_segments: [words()],
    tag: words(),
    snapshot_data_range: words(),
  };
  return [
    { ...row, id: vendorId },
    { ...row, id: `${vendorId}-2`, job_status: { no: words() } },
    { ...row, id: `${vendorId}-${words()}` },
  ];
}
