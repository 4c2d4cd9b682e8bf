import { z } from 'zod';
import { readTextFile } from './text-file.ts';

/** GraphQL documents by their ID. */
export type DocumentManifest = Readonly<Record<string, string>>;

/**
 * The schema of a file with persisted documents, replaced by its contents: a JSON object from IDs to documents, as GraphQL Code Generator's
 * client preset and Relay's compiler write it.
 */
export const documentManifestSchema = z.string('expected a path').transform((file, context): DocumentManifest => {
  const fail = (message: string) => {
    context.addIssue({ code: 'custom', message: `expected the file ${file} ${message}`, params: { includesValue: true } });
    return z.NEVER;
  };
  const contents = readTextFile(file);
  if ('obstacle' in contents) return fail(`to contain persisted documents, it ${contents.obstacle}`);
  const manifest = manifestSchema.safeParse(parseJson(contents.text));
  return manifest.success ? manifest.data : fail('to contain a JSON object from IDs to documents, it contains something else');
});

const manifestSchema = z.record(z.string().min(1), z.string());

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
