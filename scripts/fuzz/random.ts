/** Chance that is the same every time for the same seed. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  readonly below: (limit: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <T>(from: readonly T[]) => T
  readonly bytes: (length: number) => Uint8Array
  /** Text of any characters, or of those of `from`, each one code unit. */
  readonly text: (length: number, from?: string) => string
}

/** The generator mulberry32; each input has its own, so that one alone can be made again. */
export function random(seed: number, index: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T
  return {
    below,
    pick,
    chance: (probability) => next() < probability,
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
    text: (length, from) =>
      Array.from({ length }, () =>
        from === undefined ? String.fromCodePoint(anyCodePoint(below)) : from.charAt(below(from.length)),
      ).join(''),
  }
}

/** Plain ones half of the time, else any but halves of pairs. */
function anyCodePoint(below: (limit: number) => number): number {
  if (below(2) === 0) return 0x20 + below(0x5f)
  const code = below(0x11_0000)
  return code >= 0xd800 && code < 0xe000 ? 0xfffd : code
}
