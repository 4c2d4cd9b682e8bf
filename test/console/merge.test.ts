import { describe, expect, test } from 'vitest';
import { compareWithPage } from '../../console/src/jobs/merge.ts';

const always = () => true;

describe('a list compared with its first page', () => {
  test('the same page changes nothing', () => {
    const page = { ids: ['c', 'b'], hasNextPage: true, provesAbsence: always };
    expect(compareWithPage(['c', 'b', 'a'], page)).toEqual({ entered: [], left: [], merged: ['c', 'b', 'a'], isReplaced: false });
  });

  test('new jobs enter, and rows below the page keep their place', () => {
    const page = { ids: ['d', 'c'], hasNextPage: true, provesAbsence: always };
    expect(compareWithPage(['c', 'b', 'a'], page)).toEqual({ entered: ['d'], left: [], merged: ['d', 'c', 'b', 'a'], isReplaced: false });
  });

  test('a job that the page would have has left, but not one below the page', () => {
    const page = { ids: ['c', 'a'], hasNextPage: true, provesAbsence: always };
    expect(compareWithPage(['c', 'b', 'a', '9'], page)).toMatchObject({ left: ['b'], merged: ['c', 'a', '9'] });
  });

  test('a page without a next one covers the whole list', () => {
    const page = { ids: ['c'], hasNextPage: false, provesAbsence: always };
    expect(compareWithPage(['c', 'b', 'a'], page)).toMatchObject({ left: ['b', 'a'], merged: ['c'] });
    expect(compareWithPage(['b', 'a'], { ...page, ids: [] })).toMatchObject({ left: ['b', 'a'], merged: [] });
  });

  test('the jobs of a system that is missing from the page have not left', () => {
    const page = { ids: ['k:2'], hasNextPage: false, provesAbsence: (id: string) => !id.startsWith('v:') };
    expect(compareWithPage(['k:2', 'v:1', 'k:1'], page)).toMatchObject({ left: ['k:1'], merged: ['k:2', 'v:1'] });
  });

  test('a page that nothing of the list adjoins replaces it', () => {
    const page = { ids: ['z', 'y'], hasNextPage: true, provesAbsence: always };
    expect(compareWithPage(['c', 'b'], page)).toEqual({ entered: ['z', 'y'], left: [], merged: ['z', 'y'], isReplaced: true });
  });
});
