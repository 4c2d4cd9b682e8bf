/** Whether a client that sent this `Accept-Encoding` takes the coding (RFC 9110, section 12.5.3). Without the header, it takes none. */
export function takesCoding(acceptEncoding: string | undefined, coding: 'br' | 'gzip'): boolean {
  const weights = new Map<string, number>();
  for (const part of (acceptEncoding ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    weights.set(name, weight === undefined ? 1 : Number(weight));
  }
  return (weights.get(coding) ?? weights.get('*') ?? 0) > 0;
}
