import { type Cell, line } from './line.ts'
import { blanks, shorten, widthOf } from './width.ts'

export interface Column {
  readonly title: string
  /** How far it may be cut; absent: it is shown whole or not at all. */
  readonly least?: number
  /** Where not all fit, the highest is left out first; absent: it stays. */
  readonly spare?: number
}

/** Lines of a table that is no wider than `width`: columns are left out, then cut. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly (Cell | string)[])[],
  width: number,
): readonly string[] {
  const titles = columns.map(({ title }) => ({ text: title }))
  const cells = [
    titles,
    ...rows.map((row) => row.map((cell) => (typeof cell === 'string' ? { text: cell } : cell))),
  ]
  const measured = columns
    .map((column, index) => ({ ...column, index, natural: widest(cells, index) }))
    // What is empty in every row says nothing.
    .filter(({ index }) => cells.slice(1).some((row) => row[index]?.text !== ''))
  const fitted = cut(leaveOut(measured, width), width)
  return cells.map((row) => toLine(row, fitted, width))
}

interface Measured extends Column {
  readonly index: number
  readonly natural: number
}

type Fitted = Measured & { readonly width: number }

const gap = '  '

function widest(cells: readonly (readonly Cell[])[], index: number): number {
  return Math.max(...cells.map((row) => widthOf(row[index]?.text ?? '')))
}

function leaveOut(columns: readonly Measured[], width: number): readonly Measured[] {
  const needed = columns.map(({ least, natural }) => Math.min(least ?? natural, natural))
  if (total(needed) <= width) return columns
  const spare = columns.filter((column) => column.spare !== undefined)
  if (spare.length === 0) return columns
  const first = spare.reduce((one, other) => ((other.spare ?? 0) > (one.spare ?? 0) ? other : one))
  return leaveOut(
    columns.filter((column) => column !== first),
    width,
  )
}

/** Takes from the widest of those that may be cut, until all fit. */
function cut(columns: readonly Measured[], width: number): readonly Fitted[] {
  const fitted = columns.map((column) => ({ ...column, width: column.natural }))
  while (total(fitted.map((column) => column.width)) > width) {
    const soft = fitted.filter((column) => column.least !== undefined && column.width > column.least)
    const broadest = soft.toSorted((one, other) => other.width - one.width)[0]
    if (!broadest) break
    broadest.width -= 1
  }
  return fitted
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap.length * Math.max(0, widths.length - 1)
}

function toLine(row: readonly Cell[], columns: readonly Fitted[], width: number): string {
  const cells = columns.flatMap((column, place) => {
    const cell = row[column.index] ?? { text: '' }
    const text = shorten(cell.text, column.width)
    return [place === 0 ? '' : gap, { ...cell, text }, blanks(column.width - widthOf(text))]
  })
  return line(cells, width).trimEnd()
}
