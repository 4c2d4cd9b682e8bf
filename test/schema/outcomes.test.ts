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

describe('the outcome values', () => {
  test('are the same in the schema and the code', () => {
    expect(valuesOf('ActionOutcome')).toEqual(followUpOutcomes);
    expect(valuesOf('SuccessOutcome')).toEqual(successOutcomes);
  });

  test('of failures are named like their types', () => {
    const toWord = (type: string): string => type.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
    for (const outcome of outcomes) {
      const { member } = outcomeProjections[outcome];
      if (member === 'SUCCESS') expect(successOutcomes).toContain(outcome);
      else expect(toWord(member)).toBe(outcome);
    }
  });

  test('exist for each member of the result unions', () => {
    const failures = outcomes.map((outcome) => outcomeProjections[outcome].member).filter((member) => member !== 'SUCCESS');
    // A conflict of keys is no outcome of an action.
    expect(membersOf('CancelResult').toSorted()).toEqual(['CancelSuccess', 'IdempotencyConflict', ...failures].toSorted());
    expect(membersOf('BulkItemResult').toSorted()).toEqual(['CancelSuccess', 'JobActionSuccess', ...failures].toSorted());
  });

  test('of successes have no problem, and the others have one', () => {
    for (const outcome of outcomes) {
      const { codes, member } = outcomeProjections[outcome];
      expect([outcome, codes.length === 0]).toEqual([outcome, member === 'SUCCESS']);
    }
  });
});
