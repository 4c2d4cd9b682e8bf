/** Resolves the links of a Vault's pages, whether they are paths or full URLs. */
export interface PageLinks {
  /** The link's path and query below this folder. Null if it leads elsewhere: to another host, version or part of the API. */
  below(folder: string, link: string): string | null;
}

export function createPageLinks(url: string): PageLinks {
  const { origin, host, pathname } = new URL(url);
  const prefix = pathname.replace(/\/$/, '');
  return {
    below(folder, link) {
      const target = URL.parse(link, origin + folder);
      if (target?.host !== host) return null;
      // Behind a gateway that adds a path, the link may have that path or not.
      const [start] = [folder, prefix + folder].filter((path) => target.pathname.startsWith(path));
      return start === undefined ? null : target.pathname.slice(start.length) + target.search;
    },
  };
}
