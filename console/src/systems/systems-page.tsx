export function SystemsPage() {
  return <h1>systems</h1>;
}
