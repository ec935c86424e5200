import type { ComparedLayouts } from '../../model/finding.ts';
import type { Cell, RowGroup } from '../../report/check-byte-map.ts';
import { groupRows, rowsOf } from '../../report/check-byte-map.ts';

// A struct as it is written beside the same bytes as they are read, eight to a row. Bytes that are read otherwise than they
// were written are hatched and bear the sign of it.

const PER_ROW = 8;
const MOST_ROWS = 24;

/** A struct that one side lacks has no map: there is nothing beside it. */
export function ByteMap({ struct, outgoing, incoming }: ComparedLayouts) {
  if (!outgoing || !incoming) return null;
  const groups = groupRows(rowsOf(outgoing, incoming, PER_ROW));
  const last = Math.max(outgoing.size, incoming.size) - 1;
  const rest = groups.length - MOST_ROWS;
  return (
    <table class="map">
      <caption>
        <code>{struct}</code>: {outgoing.size} bytes written, {incoming.size} bytes read
      </caption>
      <thead>
        <tr>
          <th scope="col">byte</th>
          <th scope="col">as written</th>
          <th scope="col">as read</th>
        </tr>
      </thead>
      <tbody>
        {groups.slice(0, MOST_ROWS).map((group) => (
          <MapRow key={group.row.start} group={group} last={last} />
        ))}
        {rest > 0 && (
          <tr>
            <td />
            <td colSpan={2}>and {rest} more rows</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function MapRow({ group: { row, end }, last }: { group: RowGroup; last: number }) {
  const to = Math.min(end, last);
  const differs = row.differs;
  if (row.isSame) {
    return (
      <tr class="map-same">
        <th scope="row">{rangeText(row.start, to)}</th>
        <td colSpan={2}>the same on both sides</td>
      </tr>
    );
  }
  return (
    <tr>
      <th scope="row">{rangeText(row.start, to)}</th>
      <td>
        <Bytes cells={row.cells.outgoing} start={row.start} />
      </td>
      <td>
        <Bytes cells={row.cells.incoming} start={row.start} differs={differs} />
      </td>
    </tr>
  );
}

function rangeText(start: number, end: number): string {
  return start === end ? String(start) : `${start}–${end}`;
}

interface Piece {
  label: string;
  first: number;
  length: number;
  differs: boolean;
}

function Bytes({
  cells,
  start,
  differs = [],
}: {
  cells: readonly Cell[];
  start: number;
  differs?: readonly boolean[];
}) {
  const pieces = piecesOf(cells, differs);
  if (pieces.every(({ label }) => label === '')) return <span class="map-none">(not there)</span>;
  return (
    <span class="bytes">
      {pieces.map(({ label, first, length, differs: isOther }) => (
        <span
          key={first}
          class={`piece${isOther ? ' is-other' : ''}${label === '' ? ' is-absent' : ''}${label === '(padding)' ? ' is-padding' : ''}`}
          style={{ gridColumn: `span ${length}` }}
          title={`${label || 'nothing'}: byte ${start + first} to ${start + first + length - 1}${isOther ? ', read otherwise than written' : ''}`}
        >
          {isOther && <b aria-hidden="true">≠</b>}
          <span>{label}</span>
          {isOther && <span class="unseen"> (read otherwise)</span>}
        </span>
      ))}
    </span>
  );
}

function piecesOf(cells: readonly Cell[], differs: readonly boolean[]): Piece[] {
  const pieces: Piece[] = [];
  for (const [at, { label }] of cells.entries()) {
    const last = pieces.at(-1);
    const isOther = differs[at] ?? false;
    if (last && last.label === label && last.differs === isOther) last.length += 1;
    else pieces.push({ label, first: at, length: 1, differs: isOther });
  }
  return pieces;
}
