import { turns } from '../../concurrency/turns.ts';

/** GraphQL shows so many rows in a few milliseconds, and the 500 of the largest page in some tens. */
const rowsPerTurn = 100;

/** The rows of a page, for GraphQL to show. Of more than 100, each hundred takes a turn of the caller's: others' requests come in between. */
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
