import { expect, test } from 'vitest';
import { errorsIn, load, withSystem, writeTemporaryFile } from './load.ts';

const withManifest = (file: string) => `limits: { documents: trusted, documentManifests: ["${file}"] }\n${withSystem('')}`;

test('a manifest is read', () => {
  const file = writeTemporaryFile('{ "a1": "{ __typename }", "sha256:b2": "query Two { jobs { complete } }" }', 'manifest.json');
  const { limits } = load(withManifest(file));
  expect(limits.documents).toBe('trusted');
  expect(limits.documentManifests).toEqual([{ a1: '{ __typename }', 'sha256:b2': 'query Two { jobs { complete } }' }]);
});

test.each([
  ['that is no JSON', '{', 'to contain a JSON object from IDs to documents, it contains something else'],
  ['that is a list', '["{ __typename }"]', 'to contain a JSON object from IDs to documents, it contains something else'],
  ['with another value', '{ "a1": 1 }', 'to contain a JSON object from IDs to documents, it contains something else'],
  ['with an empty ID', '{ "": "{ __typename }" }', 'to contain a JSON object from IDs to documents, it contains something else'],
  ['in UTF-16', '\u0000{\u0000}', 'to contain persisted documents, it contains NUL bytes, as UTF-16 text does; save it as UTF-8'],
])('a manifest %s is reported with its path', (_what, text, problem) => {
  const file = writeTemporaryFile(text, 'manifest.json');
  expect(errorsIn(withManifest(file))).toEqual([`limits.documentManifests[0]: expected the file ${file} ${problem}`]);
});

test('a manifest that does not exist, and an unknown word, are reported', () => {
  expect(errorsIn(withManifest('/nowhere/manifest.json'))).toEqual([
    "limits.documentManifests[0]: expected the file /nowhere/manifest.json to contain persisted documents, it can't be read (ENOENT)",
  ]);
  expect(errorsIn(`limits: { documents: some }\n${withSystem('')}`)).toEqual(['limits.documents: expected all or trusted, got "some"']);
});
