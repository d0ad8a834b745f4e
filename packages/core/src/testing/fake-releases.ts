import type { Holds, Release } from '../domain/release.ts'
import type { Git } from '../executors/git.ts'
import type { Call } from '../run.ts'

type Enter = (method: keyof Git, call: Call | undefined, does?: string) => void

/** What a git in memory keeps of releases and holds. */
export function fakeReleases(
  enter: Enter,
): Pick<Git, 'releases' | 'keepRelease' | 'dropReleases' | 'holds' | 'changeHolds'> {
  const kept = new Map<string, readonly Release[]>()
  const held = new Map<string, Holds>()
  const at = (path: string, app: string): string => `${path}\n${app}`
  const of = (path: string, app: string): readonly Release[] => kept.get(at(path, app)) ?? []
  return {
    async releases(path, app, call) {
      enter('releases', call)
      return of(path, app)
    },
    async keepRelease(path, app, release, call) {
      enter('keepRelease', call, `release ${app} ${release.id}`)
      const others = of(path, app).filter(({ id }) => id !== release.id)
      const all = [structuredClone(release), ...others]
      kept.set(
        at(path, app),
        all.toSorted((one, other) => (one.id < other.id ? 1 : -1)),
      )
    },
    async dropReleases(path, app, ids, call) {
      enter('dropReleases', call, `drop ${app} ${ids.join(' ')}`)
      kept.set(
        at(path, app),
        of(path, app).filter(({ id }) => !ids.includes(id)),
      )
    },
    async holds(path, app, call) {
      enter('holds', call)
      return held.get(at(path, app)) ?? { content: [] }
    },
    async changeHolds(path, app, change, call) {
      const holds = change(held.get(at(path, app)) ?? { content: [] })
      enter(
        'changeHolds',
        call,
        `hold ${app} ${holds.content.map(({ service }) => service).join(' ')}`.trim(),
      )
      held.set(at(path, app), structuredClone(holds))
      return holds
    },
  }
}
