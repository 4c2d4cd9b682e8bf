import { readText } from './files.ts';

/** What the image of the Dockerfile is started with. */
export interface ImageSettings {
  environment: Record<string, string>;
  user: string;
  workingFolder: string;
  exposedPort: number;
}

export function readImageSettings(): ImageSettings {
  const image =
    readText('Dockerfile')
      .split(/^FROM /m)
      .at(-1) ?? '';
  const only = (pattern: RegExp): string => {
    const found = Array.from(image.matchAll(pattern), ([, value = '']) => value);
    if (found.length !== 1) throw new Error(`Dockerfile: expected one line ${pattern}, got ${found.length}`);
    return found[0] ?? '';
  };
  const environment = Array.from(only(/^ENV ((?:.*\\\n)*.*)$/gm).matchAll(/(\w+)=(\S+)/g), ([, name, value]) => [name, value]);
  return {
    environment: Object.fromEntries(environment),
    user: only(/^USER (\S+)$/gm),
    workingFolder: only(/^WORKDIR (\S+)$/gm),
    exposedPort: Number(only(/^EXPOSE (\d+)$/gm)),
  };
}
