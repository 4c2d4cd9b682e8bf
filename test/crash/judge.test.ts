import { describe, expect, test } from 'vitest';
import { findViolations, judgeEvents, judgeLog } from './judge.ts';

const cancel = (id: string) => ({ method: 'POST', target: `/api/job/v1/${id}/cancel`, body: '' });
const read = (id: string) => ({ method: 'GET', target: `/api/job/v1/${id}`, body: '' });

describe('the judge of a crash test sees', () => {
  test('a job that is sent twice, unless it was read in between', () => {
    const selected = new Set(['aodocs:A']);
    expect(judgeLog('aodocs', [cancel('A'), read('A'), cancel('A')], selected)).toEqual([]);
    expect(judgeLog('aodocs', [cancel('A'), read('B'), cancel('A')], selected)).toEqual([
      'aodocs:A was sent twice and not read in between',
    ]);
  });

  test('a job that was not selected, in the requests of each vendor', () => {
    const requests = [
      ['kinetica', { method: 'POST', target: '/admin/alter/jobs', body: '{"job_ids":[1, 2],"action":"cancel","options":{}}' }],
      ['kylin', { method: 'PUT', target: '/kylin/api/jobs/status', body: '{"job_ids":["1","2"],"action":"DISCARD"}' }],
      ['veeva-vault', { method: 'POST', target: '/api/v25.3/services/jobs/actions/cancel', body: 'job_ids=1%2C2' }],
      ['aodocs', cancel('2')],
    ] as const;
    for (const [system, request] of requests) {
      expect(judgeLog(system, [request], new Set([`${system}:1`]))).toEqual([`${system}:2 was sent and not selected`]);
    }
  });

  test('items without an event of their outcome, or with two', () => {
    const items = ['aodocs:A', 'aodocs:B', 'aodocs:C'].map((jobId) => ({ jobId, status: 'SUCCEEDED', attempts: 1 }));
    const event = (jobId: string, outcome = 'CONFIRMED') => ({ jobId, outcome, sent: true });
    const events = [
      event('aodocs:A', 'OUTCOME_UNKNOWN'),
      event('aodocs:A'),
      event('aodocs:B'),
      event('aodocs:B', 'ACCEPTED'),
      event('aodocs:C', 'OUTCOME_UNKNOWN'),
    ];
    expect(judgeEvents(items, events)).toEqual(['aodocs:B has 2 events of its outcome', 'aodocs:C has 0 events of its outcome']);
  });

  test('items that are missing, that are not true, and counts that are wrong', () => {
    const jobs = { selected: ['aodocs:A', 'aodocs:B'], bystanders: ['aodocs:C'] };
    const counts = { selected: 2, pending: 0, succeeded: 2, failed: 0, unknown: 0 };
    const item = (jobId: string, status = 'SUCCEEDED') => ({ jobId, status, attempts: 1 });
    const words = (...states: string[]) => ({
      requests: {},
      words: states.map((state, index): [string, string] => [`aodocs:${'ABC'[index]}`, state]),
    });
    const all = [item('aodocs:A'), item('aodocs:B')];
    expect(findViolations(jobs, all, counts, words('CANCELLED', 'CANCELLED', 'IN_PROGRESS'))).toEqual([]);
    expect(findViolations(jobs, all, counts, words('CANCELLED', 'IN_PROGRESS', 'CANCELLED'))).toEqual([
      'aodocs:B is SUCCEEDED, and IN_PROGRESS in truth',
      'aodocs:C was cancelled and not selected',
    ]);
    expect(findViolations(jobs, all.slice(1), counts, words('CANCELLED', 'CANCELLED'))).toHaveLength(2);
    expect(findViolations(jobs, [...all, item('aodocs:C')], { ...counts, selected: 3, succeeded: 3 }, words())).toContain(
      '1 jobs that did not match are items',
    );
  });
});
