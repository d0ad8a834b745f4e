import { type Finding, ok, warning } from './finding.ts'

/** Milliseconds that a clock may be off: certificates and signatures with a time take as much. */
const tolerated = 60_000

/** Compares this machine's clock with that of a git host, as far as one can be asked. */
export async function checkClock(
  remotes: readonly string[],
  now: () => number = Date.now,
): Promise<readonly Finding[]> {
  const origins = [...new Set(remotes.flatMap(originOf))].slice(0, 3)
  for (const origin of origins) {
    const before = now()
    const answer = await askTime(origin)
    if (answer === undefined) continue
    if (answer === 'untrusted') {
      return [
        warning(
          'clock',
          `the certificate of ${origin} is not valid at this machine's time, ${new Date(now()).toISOString()}`,
          mend,
        ),
      ]
    }
    // A Date header has whole seconds.
    const ahead = (before + now()) / 2 - (answer + 500)
    return Math.abs(ahead) <= tolerated
      ? [ok('clock', `agrees with ${new URL(origin).host}`)]
      : [warning('clock', `${inWords(ahead)} ${new URL(origin).host}`, mend)]
  }
  return []
}

const mend = 'sudo timedatectl set-ntp true'

/** The web server of the remote's host: also where git itself comes by ssh. */
function originOf(remote: string): readonly string[] {
  const web = /^(https?:\/\/)(?:[^/@]*@)?([^/]+)/i.exec(remote)
  if (web) return [`${web[1]}${web[2]}`]
  const [, host] = /^(?:ssh:\/\/)?(?:[^/@:]+@)?([a-z0-9][\w.-]*\.[a-z]{2,})(?::|\/)/i.exec(remote) ?? []
  return host === undefined ? [] : [`https://${host}`]
}

async function askTime(origin: string): Promise<number | 'untrusted' | undefined> {
  try {
    const { headers } = await fetch(origin, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(5_000),
    })
    const time = Date.parse(headers.get('date') ?? '')
    return Number.isNaN(time) ? undefined : time
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    // Any other failure says nothing about the clock; whether the remote answers, the app's own check tells.
    return code === 'CERT_NOT_YET_VALID' || code === 'CERT_HAS_EXPIRED' ? 'untrusted' : undefined
  }
}

function inWords(ahead: number): string {
  const seconds = Math.round(Math.abs(ahead) / 1_000)
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const
  const text = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`)
  return `this machine's clock is ${text.slice(0, 2).join(' ')} ${ahead > 0 ? 'ahead of' : 'behind'}`
}
