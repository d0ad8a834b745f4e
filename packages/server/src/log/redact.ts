import { cleanText } from '@fairway/core'

/** Text as a log or a terminal may show it: secrets masked, and control characters except newlines shown escaped. */
export function redact(text: string, secrets: readonly string[]): string {
  const masked = maskTokens(maskUrls(maskSecrets(text, secrets)))
  return masked
    .split(/\r?\n/)
    .map((line) => cleanText(line, Infinity))
    .join('\n')
}

function maskSecrets(text: string, secrets: readonly string[]): string {
  // The longest first: a secret that contains another one must not leave its rest behind.
  const known = secrets
    .filter(isMaskable)
    .flatMap(spellings)
    .toSorted((a, b) => b.length - a.length)
  return known.reduce((masked, secret) => masked.replaceAll(secret, () => mask), text)
}

const mask = '***'

/** Masking every `a` would hide the log and show the secret. */
function isMaskable(secret: string): boolean {
  return secret.length >= 4
}

/** How a secret looks inside JSON, a URL, and text that was cleaned already. */
function spellings(secret: string): readonly string[] {
  const inUrl = loneSurrogate.test(secret) ? [] : [encodeURIComponent(secret)]
  return [secret, JSON.stringify(secret).slice(1, -1), cleanText(secret, Infinity), ...inUrl]
}

const loneSurrogate = /\p{Surrogate}/u

/** The second pattern is for passwords with a slash in them; its bound keeps it linear. */
function maskUrls(text: string): string {
  return text
    .replaceAll(/:\/\/[^\s/@:]*:[^\s/]*@/g, `://${mask}@`)
    .replaceAll(/:\/\/[^\s/@:]{0,100}:[^\s@]{0,200}@/g, `://${mask}@`)
}

/** Tokens of GitHub and GitLab by their prefixes, and what a traced HTTP request carries. */
function maskTokens(text: string): string {
  return text
    .replaceAll(/(?:gh[pousr]_|github_pat_|gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-)[\w-]{8,}/g, mask)
    .replaceAll(/(authorization: ?(?:basic|bearer|token) )\S+/gi, `$1${mask}`)
}
