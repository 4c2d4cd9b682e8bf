import querystring from 'node:querystring';

/** The password of a URL, as written and as sent, and the pair that HTTP Basic uses. Empty without a password. */
export function secretsOfUrl(url: string): string[] {
  const { username, password } = new URL(url);
  if (password === '') return [];
  // Not decodeURIComponent, which throws on a lone %.
  const [user, plain] = [querystring.unescape(username), querystring.unescape(password)];
  return [password, plain, `${user}:${plain}`];
}
