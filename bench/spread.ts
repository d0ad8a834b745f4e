export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other)
  const at = (index: number): number => sorted[index] ?? Number.NaN
  return { median: at(Math.floor(sorted.length / 2)), least: at(0), most: at(sorted.length - 1) }
}

/** `**0.55** (0.53-0.60)`. */
export function inWords({ median, least, most }: Spread): string {
  return `**${median.toFixed(2)}** (${least.toFixed(2)}-${most.toFixed(2)})`
}
