import { NodeFS } from '@electric-sql/pglite/nodefs';

/**
 * The files of an embedded database in `folder`, each accessible to its owner only from its creation on. By itself Emscripten, PGlite's runtime,
 * gives a file the mode that PostgreSQL names (0666) whatever the process's umask is.
 */
export function createPrivateFiles(folder: string): NodeFS {
  const files = new NodeFS(folder);
  const init = files.init.bind(files);
  files.init = async (database, options) => {
    const { emscriptenOpts, ...rest } = await init(database, options);
    const preRun = [emscriptenOpts.preRun ?? []].flat();
    return { ...rest, emscriptenOpts: { ...emscriptenOpts, preRun: [...preRun, ({ FS }: { FS: FileModes }) => keepPrivate(FS)] } };
  };
  return files;
}

/** What of Emscripten's file system sets modes: `mknod` makes files and folders, `chmod` also takes a file that was just opened. */
interface FileModes {
  mknod(path: string, mode: number, device: number): unknown;
  chmod(path: unknown, mode: number, dontFollow?: boolean): void;
}

const forOthers = 0o077;

function keepPrivate(files: FileModes): void {
  const { mknod, chmod } = files;
  files.mknod = (path, mode, device) => mknod(path, mode & ~forOthers, device);
  files.chmod = (path, mode, dontFollow) => chmod(path, mode & ~forOthers, dontFollow);
}
