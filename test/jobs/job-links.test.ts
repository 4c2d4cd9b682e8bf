import { describe, expect, test } from 'vitest';
import { createJob, createUnreadJob } from '../../src/jobs/create-job.ts';
import { findTemplateFault, linksOf } from '../../src/jobs/job-links.ts';
import { down, jobFields } from './memory-adapter.ts';

const jobOf = (vendorId: string, scope: string | null = null) => createJob('memory', jobFields(vendorId, { scope }), new Date(0));
const urlsOf = (job: ReturnType<typeof jobOf>, ...urls: string[]) =>
  linksOf(
    job,
    urls.map((url) => ({ title: 'Page', url })),
  ).map(({ url }) => url);

describe('the template of a link', () => {
  test.each([
    'https://host/jobs/{vendorId}',
    'http://host:8080?job={vendorId}',
    'https://host/{scope}/{vendorId}#{vendorId}',
    'HTTPS://host/{vendorId}',
    'https://[::1]:8080/{scope}',
  ])('can be %s', (url) => {
    expect(findTemplateFault(url)).toBeNull();
  });

  test.each([
    ['https://host/jobs', /with \{vendorId\} or \{scope\}/],
    ['https://host/{id}', /not \{id\}/],
    ['https://host/{vendorId}/{}', /not \{\}/],
    ['https://{vendorId}/jobs', /only after the host/],
    ['https://host.{scope}/{vendorId}', /only after the host/],
    ['https://host:{vendorId}/', /http or https URL/],
    ['https://host\\{vendorId}/', /only after the host/],
    ['{vendorId}', /http or https URL/],
    ['javascript:alert({vendorId})', /http or https URL/],
    ['ftp://host/{vendorId}', /http or https URL/],
    ['https:host/{vendorId}', /http or https URL/],
    ['https://user:secret@host/{vendorId}', /without username and password/],
    ['https://{vendorId}@host/', /without username and password/],
  ])('can not be %s', (url, fault) => {
    expect(findTemplateFault(url)).toMatch(fault);
  });
});

describe('the links of a job', () => {
  test('are those of the vendor, then those of the configuration with the values of the job', () => {
    const job = createJob('memory', jobFields('7', { links: () => [{ title: 'Vendor', url: 'https://vendor.example/7' }] }), new Date(0));
    expect(linksOf(job, [{ title: 'Page', url: 'https://host/jobs/{vendorId}' }])).toEqual([
      { title: 'Vendor', url: 'https://vendor.example/7' },
      { title: 'Page', url: 'https://host/jobs/7' },
    ]);
    expect(linksOf(jobOf('7'))).toEqual([]);
  });

  test.each([
    ['a/b?c=d&e#f', 'https://host/jobs/a%2Fb%3Fc%3Dd%26e%23f'],
    ['../../admin', 'https://host/jobs/..%2F..%2Fadmin'],
    ['"><script>', 'https://host/jobs/%22%3E%3Cscript%3E'],
    ['{scope}', 'https://host/jobs/%7Bscope%7D'],
    ['$&', 'https://host/jobs/%24%26'],
    ['ä€', 'https://host/jobs/%C3%A4%E2%82%AC'],
  ])('encode the ID %s', (vendorId, url) => {
    expect(urlsOf(jobOf(vendorId), 'https://host/jobs/{vendorId}')).toEqual([url]);
  });

  test.each(['.', '..', '\ud800'])('leave out a page that the ID %j would change or break', (vendorId) => {
    expect(urlsOf(jobOf(vendorId), 'https://host/jobs/{vendorId}')).toEqual([]);
  });

  test('leave out a page with the scope of a job that has none or could not be read, and only this page', () => {
    const templates = ['https://host/{scope}/{vendorId}', 'https://host/{vendorId}'];
    expect(urlsOf(jobOf('7', 'retail'), ...templates)).toEqual(['https://host/retail/7', 'https://host/7']);
    expect(urlsOf(jobOf('7'), ...templates)).toEqual(['https://host/7']);
    expect(urlsOf(createUnreadJob('memory', '7', down, new Date(0)), ...templates)).toEqual(['https://host/7']);
  });

  test('of a vendor are web pages without credentials, at most 20', () => {
    const links = [
      'javascript:alert(1)',
      'https://user@host/',
      'https://host/',
      ...Array.from({ length: 30 }, (_, index) => `https://host/${index}`),
    ];
    const job = createJob('memory', jobFields('7', { links: () => links.map((url) => ({ title: 'x', url })) }), new Date(0));
    expect(linksOf(job)).toHaveLength(20);
    expect(linksOf(job)[0]).toEqual({ title: 'x', url: 'https://host/' });
  });
});
