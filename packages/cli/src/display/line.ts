import { shorten, widthOf } from './width.ts'

/** A text and how it is coloured. */
export interface Cell {
  readonly text: string
  /** Puts colour on what is shown of it. */
  readonly paint?: (shown: string) => string
}

/** Texts one after the other, cut where the line is full. */
export function line(cells: readonly (Cell | string)[], width: number): string {
  let left = width
  return cells
    .map((cell) => {
      const { text, paint = (same: string) => same } = typeof cell === 'string' ? { text: cell } : cell
      const shown = left > 0 ? shorten(text, left) : ''
      left -= widthOf(text)
      return shown === '' ? '' : paint(shown)
    })
    .join('')
}
