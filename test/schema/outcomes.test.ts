import { assertEnumType, assertUnionType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { followUpOutcomes, outcomeProjections, outcomes, successOutcomes } from '../../src/jobs/outcome.ts';
import { contract } from './schema.ts';

const valuesOf = (name: string): string[] =>
  assertEnumType(contract.getType(name))
    .getValues()
    .map((value) => value.name);
const membersOf = (name: string): string[] =>
  assertUnionType(contract.getType(name))
    .getTypes()
    .map((type) => type.name);

describe('the words of outcomes', () => {
  test('are the same in the schema and in the code', () => {
    expect(valuesOf('ActionOutcome')).toEqual(followUpOutcomes);
    expect(valuesOf('SuccessOutcome')).toEqual(successOutcomes);
  });

  test('of failures are the names of their types', () => {
    const toWord = (type: string): string => type.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
    for (const outcome of outcomes) {
      const { member } = outcomeProjections[outcome];
      if (member === 'SUCCESS') expect(successOutcomes).toContain(outcome);
      else expect(toWord(member)).toBe(outcome);
    }
  });

  test('stand for each member of the unions of results', () => {
    const failures = outcomes.map((outcome) => outcomeProjections[outcome].member).filter((member) => member !== 'SUCCESS');
    // A conflict of keys is no outcome of an action.
    expect(membersOf('CancelResult').toSorted()).toEqual(['CancelSuccess', 'IdempotencyConflict', ...failures].toSorted());
    expect(membersOf('BulkItemResult').toSorted()).toEqual(['CancelSuccess', 'JobActionSuccess', ...failures].toSorted());
  });

  test('that succeed have no problem, and the others have one', () => {
    for (const outcome of outcomes) {
      const { codes, member } = outcomeProjections[outcome];
      expect([outcome, codes.length === 0]).toEqual([outcome, member === 'SUCCESS']);
    }
  });
});
