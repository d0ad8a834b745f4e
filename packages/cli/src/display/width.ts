/** Columns that a text takes on a terminal: wide characters (CJK, emoji) take two. */
export function widthOf(text: string): number {
  return pieces(text).reduce((width, piece) => width + widthOfPiece(piece), 0)
}

/** As much of a text as fits. */
export function cutToWidth(text: string, columns: number): string {
  let width = 0
  let cut = ''
  for (const piece of pieces(text)) {
    width += widthOfPiece(piece)
    if (width > columns) break
    cut += piece
  }
  return cut
}

/** The text, or as much of it as fits before a `…`. */
export function shorten(text: string, columns: number): string {
  return widthOf(text) <= columns ? text : `${cutToWidth(text, columns - 1).trimEnd()}…`
}

/** So many blanks; none where it is less. */
export function blanks(columns: number): string {
  return ' '.repeat(Math.max(0, columns))
}

function pieces(text: string): readonly string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

const segmenter = new Intl.Segmenter()

function widthOfPiece(piece: string): number {
  return wide.test(piece) ? 2 : 1
}

const wide =
  /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303f\uff00-\uff60\uffe0-\uffe6]/u
