import { describe, expect, test } from 'vitest';
import { errorsIn, load, withSystem } from './load.ts';

describe('each limit', () => {
  test.each([
    ['maxBodyBytes', 1024, 1023],
    ['maxTokens', 100, 99],
    ['maxDepth', 3, 2],
    ['maxAliases', 1, 0],
    ['maxDirectives', 1, 0],
    ['maxCost', 1, 0],
    ['requestsPerMinute', 1, 0],
    ['jobsPerMinute', 1, 0],
    ['maxActionsInFlightPerCaller', 1, 0],
    ['maxActionsInFlight', 1, 0],
    ['maxConnections', 10, 9],
    ['maxRequestsInFlightPerCaller', 1, 0],
    ['maxWatchedJobsPerCaller', 1, 0],
  ])('%s: %d is accepted, %d is an error', (name, good, bad) => {
    expect(load(`${withSystem('')}limits: { ${name}: ${good} }`).limits).toMatchObject({ [name]: good });
    expect(errorsIn(`${withSystem('')}limits: { ${name}: ${bad} }`)).toEqual([`limits.${name}: expected at least ${good}, got ${bad}`]);
    expect(errorsIn(`${withSystem('')}limits: { ${name}: 1.5 }`)).not.toEqual([]);
    expect(errorsIn(`${withSystem('')}limits: { ${name}: 1000000000000 }`)).not.toEqual([]);
  });

  test('an unknown limit is an error with a suggestion', () => {
    expect(errorsIn(`${withSystem('')}limits: { maxDeph: 5 }`)).toEqual(['limits.maxDeph: unknown key (did you mean "maxDepth"?)']);
  });

  test('the rate can be unlimited', () => {
    expect(load(`${withSystem('')}limits: { requestsPerMinute: ~ }`).limits.requestsPerMinute).toBeNull();
  });
});
