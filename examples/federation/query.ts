/** Sends a query to a GraphQL server and returns the data. Throws with the server's error messages. */
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
