import type { Echo } from '../contract.ts';

const sessionId = 'Vault-Session-0123456789ABCDEF';

export const echo: Echo = {
  vendorIds: ['101'],
  settings: (secret, settings) => ({ ...settings, username: 'ada', password: secret }),
  secrets: 'any',
  learned: [sessionId],
  passthroughSettings: { version: 'v26.1', reads: 'auto', timeZone: 'UTC' },
  answer({ pathname, host }, request, { mode, words }) {
    if (pathname.endsWith('/auth')) {
      const vault = { id: 7, url: `http://${request.headers.host ?? host}/api` };
      return { body: { responseStatus: 'SUCCESS', sessionId, vaultId: 7, vaultIds: [vault] } };
    }
    const failure = {
      responseStatus: 'FAILURE',
      errors: [{ type: mode === 'jobs' ? words() : 'OPERATION_NOT_ALLOWED', message: words() }],
      errorType: words(),
    };
    if (mode === 'errors') return { body: failure };
    const job = {
      job_id: 101,
      title: words(),
      status: 'RUNNING',
      created_by: words(),
      created_date: '2026-01-02T03:04:05.000Z',
      [words()]: { deep: [words()] },
    };
    const success = { responseStatus: 'SUCCESS', responseDetails: { total: 1, limit: 200, offset: 0 } };
    if (pathname.endsWith('/monitors')) return { body: { ...success, jobs: [job] } };
    if (pathname.endsWith('/histories')) return { body: { ...success, responseDetails: { total: 0, limit: 200, offset: 0 }, jobs: [] } };
    if (pathname.endsWith('/tasks')) return { body: { ...success, tasks: [{ id: words(), state: words() }] } };
    if (pathname.endsWith('/actions/cancel')) return { body: { responseStatus: 'SUCCESS', data: [failure] } };
    if (pathname.endsWith('/query')) {
      return { body: { responseStatus: 'FAILURE', errors: [{ type: 'INCORRECT_QUERY_SYNTAX_ERROR', message: words() }] } };
    }
    return { body: request.method === 'GET' ? { responseStatus: 'SUCCESS', data: { ...job, id: 101 } } : failure };
  },
};
