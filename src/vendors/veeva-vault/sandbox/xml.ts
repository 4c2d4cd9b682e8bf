/** The name of a list's elements. The reference only documents that the XML has the same data. */
const elementNames: ReadonlyMap<string, string> = new Map([
  ['errors', 'error'],
  ['warnings', 'warning'],
  ['jobs', 'job'],
  ['tasks', 'task'],
  ['users', 'user'],
  ['vaultIds', 'vault'],
]);

/** A response to `Accept: application/xml`: the fields of the JSON as elements below `VaultResponse`. */
export function toXml(body: Readonly<Record<string, unknown>>): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('VaultResponse', body)}`;
}

function element(name: string, value: unknown): string {
  return `<${name}>${content(name, value)}</${name}>`;
}

function content(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => element(elementNames.get(name) ?? 'item', one)).join('');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([key, field]) => element(key, field))
      .join('');
  }
  return value === null || value === undefined ? '' : escapeText(String(value));
}

function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
