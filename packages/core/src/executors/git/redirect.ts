import { withoutLogin } from './address.ts'

/** Where to fetch from instead, or the address that must not be followed, and why. */
export type Redirect = { readonly follow: string } | { readonly refuse: string; readonly because: string }

/** Follows a redirect of the same host only (a renamed repository, a missing `.git`, http to https): a login must go nowhere else. */
export function decideRedirect(from: string, location: string): Redirect {
  const asked = URL.parse(from)
  const target = URL.parse(location, `${withoutLogin(from).replace(/\/*$/, '')}/info/refs`)
  if (!asked || !target || !/^https?:$/.test(target.protocol)) {
    return { refuse: location, because: 'only http and https are followed' }
  }
  const carriesLogin = target.username !== '' || target.password !== ''
  const repository = target.pathname.replace(/\/info\/refs$|\/git-upload-pack$/, '')
  const isRepository = repository !== target.pathname && repository !== ''
  const place = new URL(isRepository ? repository : target.pathname, target.origin)
  if (carriesLogin || !isSameHost(asked, target)) {
    return { refuse: place.href, because: 'a login must go to no other host' }
  }
  if (!isRepository) return { refuse: place.href, because: 'there is no repository' }
  place.username = asked.username
  return { follow: place.href }
}

function isSameHost(asked: URL, target: URL): boolean {
  if (asked.origin === target.origin) return true
  const isUpgrade = asked.protocol === 'http:' && target.protocol === 'https:' && target.port === ''
  return isUpgrade && asked.hostname === target.hostname
}

/** The last `Location` that git was answered, out of what it wrote with `GIT_TRACE_CURL`. */
export function readLocation(trace: readonly string[]): string | undefined {
  const found = trace.flatMap(
    (line) => /^\S+ \S+ +<= Recv header: location: *(\S+)\s*$/i.exec(line)?.[1] ?? [],
  )
  return found.at(-1)
}
