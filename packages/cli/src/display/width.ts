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

/** A segmenter takes longer to make than the rest of a command that lists something, and few texts need one. */
function pieces(text: string): readonly string[] {
  if (plain.test(text)) return text.split('')
  segmenter ??= new Intl.Segmenter()
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

let segmenter: Intl.Segmenter | undefined
const plain = /^[ -~]*$/

function widthOfPiece(piece: string): number {
  return plain.test(piece) || !wide.test(piece) ? 1 : 2
}

const wide =
  /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303f\uff00-\uff60\uffe0-\uffe6]/u
