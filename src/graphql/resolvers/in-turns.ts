import { turns } from '../../concurrency/turns.ts';

/** GraphQL resolves this many rows in a few milliseconds; 500 rows, the largest page, take tens of milliseconds. */
const rowsPerTurn = 100;

/** The rows of a page. Above 100, each hundred waits for a turn of the caller, so that requests of others run in between. */
export function inTurns<Row>(rows: Row[], callerName: string): (Row | Promise<Row>)[] {
  if (rows.length <= rowsPerTurn) return rows;
  const shown: (Row | Promise<Row>)[] = rows.slice(0, rowsPerTurn);
  let turn: Promise<unknown> = Promise.resolve();
  for (let start = rowsPerTurn; start < rows.length; start += rowsPerTurn) {
    turn = turn.then(() => turns.take(callerName));
    const ofTurn = turn;
    for (const row of rows.slice(start, start + rowsPerTurn)) shown.push(ofTurn.then(() => row));
  }
  return shown;
}
