import type { Echo } from '../contract.ts';

const libraries = ['first', 'tokens'];

export const echo: Echo = {
  vendorIds: ['Job0001'],
  settings: (secret) => ({ securityCode: secret, libraries }),
  secrets: 'header',
  learned: [],
  passthroughSettings: { libraries },
  answer({ pathname }, _request, { mode, words }) {
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
      const odd = [{ jobId: 'Job0002', status: words() }, { jobId: words() }, { jobId: { no: words() } }];
      return { body: { jobList: [job, ...odd.map((fields) => ({ ...job, ...fields }))] } };
    }
    return { body: { ...job, status: 'FAILED' } };
  },
};
