import { cleanText } from '@fairway/core/basics'

/** Text as a log or a terminal may show it: secrets masked, and control characters except newlines shown escaped. */
export function redact(text: string, secrets: readonly string[]): string {
  return redactor(secrets)(text)
}

/** The same for many texts: each delivery and each line that a build prints goes through it, and most need nothing. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  // The longest first: a secret that contains another one must not leave its rest behind.
  const known = secrets
    .filter(isMaskable)
    .flatMap(spellings)
    .toSorted((a, b) => b.length - a.length)
  return (text) => {
    const masked = maskTokens(maskUrls(maskSecrets(text, known)))
    if (!masked.includes('\n')) return cleanText(masked, Infinity)
    return masked
      .split(/\r?\n/)
      .map((line) => cleanText(line, Infinity))
      .join('\n')
  }
}

function maskSecrets(text: string, known: readonly string[]): string {
  let masked = text
  for (const secret of known) if (masked.includes(secret)) masked = masked.replaceAll(secret, () => mask)
  return masked
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
  if (!text.includes('://')) return text
  return text
    .replaceAll(/:\/\/[^\s/@:]*:[^\s/]*@/g, `://${mask}@`)
    .replaceAll(/:\/\/[^\s/@:]{0,100}:[^\s@]{0,200}@/g, `://${mask}@`)
}

/** Tokens of GitHub and GitLab by their prefixes, and what a traced HTTP request carries. */
function maskTokens(text: string): string {
  // Cheaper than the search itself, which would find nothing in most texts.
  const hosts = text.includes('gh') || text.includes('gl') || text.includes('github_pat_')
  const masked = hosts ? text.replaceAll(hostTokens, mask) : text
  return masked.includes(':') ? masked.replaceAll(authorization, `$1${mask}`) : masked
}

const hostTokens = /(?:gh[pousr]_|github_pat_|gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-)[\w-]{8,}/g
const authorization = /(authorization: ?(?:basic|bearer|token) )\S+/gi
