import type { JobOrder, JobOrderField, SortDirection } from '../api/generated/graphql.ts';

/** As the address says it. */
export type Order = `${JobOrderField}-${SortDirection}`;

export const defaultOrder: Order = 'CREATED_AT-DESC';

/** In the order of the menu; the first of a field is the one that the head of its column chooses first. */
const labels: Record<Order, string> = {
  'CREATED_AT-DESC': 'Newest first',
  'CREATED_AT-ASC': 'Oldest first',
  'STARTED_AT-DESC': 'Last started first',
  'STARTED_AT-ASC': 'First started first',
  'FINISHED_AT-DESC': 'Last finished first',
  'FINISHED_AT-ASC': 'First finished first',
  'UPDATED_AT-DESC': 'Last updated first',
  'UPDATED_AT-ASC': 'First updated first',
  'DURATION-DESC': 'Longest first',
  'DURATION-ASC': 'Shortest first',
  'NAME-ASC': 'Name, A to Z',
  'NAME-DESC': 'Name, Z to A',
  'STATUS-ASC': 'Status, scheduled to unknown',
  'STATUS-DESC': 'Status, unknown to scheduled',
};

// The keys of the record.
export const orders = Object.keys(labels) as Order[];
export const orderLabels = orders.map((order) => [order, labels[order]] as const);

export function toOrder(order: Order): JobOrder {
  // The two parts of the type.
  const [field, direction] = order.split('-') as [JobOrderField, SortDirection];
  return { field, direction };
}

/** The direction of an order by this field. Null: the order is by another field. */
export function directionOf(order: Order, field: JobOrderField): SortDirection | null {
  if (order === `${field}-ASC`) return 'ASC';
  return order === `${field}-DESC` ? 'DESC' : null;
}

/** The order that the head of a column chooses: another direction if the list has an order by this field. */
export function nextOrder(order: Order, field: JobOrderField): Order {
  const ofField = orders.filter((one) => directionOf(one, field) !== null);
  return ofField.find((one) => one !== order) ?? order;
}
