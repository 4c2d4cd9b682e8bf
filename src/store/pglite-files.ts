import { NodeFS } from '@electric-sql/pglite/nodefs';

/**
 * The files of an embedded database in `folder`, each accessible only to its owner from its creation. Without this, Emscripten (PGlite's runtime)
 * gives a file the mode that PostgreSQL requests (0666), regardless of the process's umask.
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

/** The methods of Emscripten's file system that set modes: `mknod` creates files and folders; `chmod` also accepts a file that was just opened. */
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
