/** A Vault API version such as v26.1. */
export interface ApiVersion {
  /** As in the path: v26.1. */
  name: string;
  /** Year times 10 plus the release, to compare: v25.3 is 253. */
  number: number;
}

export function parseApiVersion(name: string): ApiVersion | undefined {
  const match = /^v(\d{1,2})\.(\d)$/.exec(name);
  return match ? { name, number: Number(match[1]) * 10 + Number(match[2]) } : undefined;
}

/** Every supported version → its URL, oldest first; the last one may still change. */
export function versionUrls(apiUrl: string): Record<string, string> {
  const early = Array.from({ length: 10 }, (_, index) => `v${index + 7}.0`);
  const later = Array.from({ length: 29 }, (_, index) => `v${17 + Math.floor(index / 3)}.${(index % 3) + 1}`);
  return Object.fromEntries([...early, ...later].map((name) => [name, `${apiUrl}/${name}`]));
}
