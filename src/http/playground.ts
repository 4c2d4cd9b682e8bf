import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { isCompiled, playgroundFolder } from '../package.js';
import { createStaticFile, type FileForms, readFolder, type StaticFile } from './static-files.ts';

/** Finds a file of the playground: `index.html`, or what that loads. */
export type FindPlaygroundFile = (name: string) => Promise<StaticFile | undefined>;

/** GraphiQL, without anything from another host. Its files are read on the first call, then kept. */
export function createPlayground(): FindPlaygroundFile {
  let files: Promise<Map<string, StaticFile>> | undefined;
  return async (name) => {
    files ??= readPlayground();
    return (await files).get(name);
  };
}

async function readPlayground(): Promise<Map<string, StaticFile>> {
  // The package has the rendered files, as GraphiQL's own package brings 25 MB. A checkout renders them.
  const files = isCompiled ? await readFolder(playgroundFolder) : await compressFiles(await renderPlayground());
  const toFile = ([name, forms]: [string, FileForms]): [string, StaticFile] => [
    name,
    createStaticFile(name, forms, { contentSecurityPolicy, isImmutable: name !== 'index.html' }),
  ];
  return new Map(Array.from(files, toFile));
}

async function compressFiles(files: ReadonlyMap<string, Buffer>): Promise<Map<string, FileForms>> {
  const toForms = async ([name, body]: [string, Buffer]): Promise<[string, FileForms]> => [
    name,
    [
      { coding: 'gzip', body: await promisify(gzip)(body) },
      { coding: null, body },
    ],
  ];
  return new Map(await Promise.all(Array.from(files, toForms)));
}

/**
 * The files by name. The page refers to the others by relative addresses below `playground/`, which lead to the same place from / and from
 * /playground, behind any prefix; their names contain a hash of their contents.
 */
export async function renderPlayground(): Promise<Map<string, Buffer>> {
  const [{ renderGraphiQL }, { exampleOperations }] = await Promise.all([
    import('@graphql-yoga/render-graphiql'),
    import('../graphql/example-operations.ts'),
  ]);
  const page = renderGraphiQL({
    title: 'Jobyard',
    endpoint: 'graphql',
    defaultTabs: exampleOperations.map(({ query, variables }) => ({ query, variables: variables ?? null, headers: null })),
  });
  const files = new Map<string, Buffer>();
  const addFile = (ending: string, body: Buffer): string => {
    const name = `${createHash('sha256').update(body).digest('hex').slice(0, 16)}.${ending}`;
    files.set(name, body);
    return `playground/${name}`;
  };
  // The library puts everything into the page.
  const index = page
    .replace(/<link rel="icon" href="data:[^,]*;base64,([^"]*)"/, (_link, icon: string) => {
      return `<link rel="icon" href="${addFile('ico', Buffer.from(icon, 'base64'))}"`;
    })
    .replace(/<style>([\s\S]*?)<\/style>/g, (_tag, style: string) => `<link rel="stylesheet" href="${addFile('css', Buffer.from(style))}">`)
    .replace(/<script>([\s\S]*?)<\/script>/g, (_tag, script: string) => `<script src="${addFile('js', Buffer.from(script))}"></script>`);
  return files.set('index.html', Buffer.from(index));
}

/** Only this server's scripts run, and they connect only to this server. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // The editor writes colors and positions to style elements and attributes.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  'font-src data:',
  "connect-src 'self'",
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
