/** Why a secret is easy to guess; undefined where it isn't. The secret itself is never in it. */
export function judgeSecret(secret: string): string | undefined {
  const text = secret.toLowerCase()
  const repeated = text.slice(0, periodOf(text))
  if (repeated.length * 2 <= text.length && bits(repeated) < enough) return 'repeats itself'
  const letters = withoutRuns(text)
  if (bits(letters) < enough) return 'has too few different characters, or runs such as 1234'
  return bits(withoutRuns(withoutWords(text))) < enough ? 'is made of words that everybody tries' : undefined
}

/** After how many characters a text begins anew; its length where it never does. */
function periodOf(text: string): number {
  const isPeriod = (period: number): boolean => text.startsWith(text.slice(period))
  const all = Array.from({ length: Math.floor(text.length / 2) }, (_, index) => index + 1)
  return all.find(isPeriod) ?? text.length
}

/** As many as random text of this length and of these letters has. */
function bits(text: string): number {
  return text.length * Math.log2(Math.max(1, new Set(text).size))
}

/** Bits of what is left: 8 random hex digits have as many. */
const enough = 32

const words =
  /change ?_?-?me|password|passwd|secret|webhook|github|gitlab|example|default|fairway|deploy|your|test|demo|admin|letmein|qwerty|token|key|please|hello|world|123/g

function withoutWords(text: string): string {
  return text.replaceAll(words, '')
}

/** Without characters that follow from the one before: aaaa, 1234, dcba. */
function withoutRuns(text: string): string {
  return text.replaceAll(/[^]/g, (character, index: number) => {
    const step = index === 0 ? 9 : character.charCodeAt(0) - text.charCodeAt(index - 1)
    return Math.abs(step) <= 1 ? '' : character
  })
}
