import type { Echo } from '../contract.ts';

export const echo: Echo = {
  vendorIds: ['11', '12'],
  settings: (secret, settings) => ({ ...settings, username: 'ada', password: secret }),
  secrets: 'any',
  learned: [],
  answer({ pathname }, _request, { mode, words }) {
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
    if (pathname.endsWith('/admin/alter/jobs'))
      return wrap({ job_ids: [11], action: 'cancel', status: [words()], info: { note: words() } });
    if (pathname.endsWith('/get/job')) {
      return wrap({ endpoint: words(), job_status: 'ERROR', running: false, progress: 100, status_map: { error_message: words() } });
    }
    return wrap({ status_map: { system: JSON.stringify({ status: words() }), ha_status: JSON.stringify({ drained: words() }) } });
  },
};
