export function BulkPage() {
  return <h1>bulk</h1>;
}
