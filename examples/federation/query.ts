/** Asks a GraphQL server; the data, or an error that says what went wrong. */
export async function query<Data>(url: string, document: string): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: document }),
  });
  const { data, errors }: { data?: Data; errors?: { message: string }[] } = await response.json();
  if (!data || errors) throw new Error(`${url}: ${errors?.map(({ message }) => message).join('\n') ?? response.status}`);
  return data;
}
