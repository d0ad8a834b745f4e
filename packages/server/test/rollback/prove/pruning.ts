import { randomBytes } from 'node:crypto'
import { run } from '../../../../../scripts/lib/run.ts'
import { rollback } from './by-hand.ts'
import { foreignImages } from './foreign-images.ts'
import type { Work } from './in-lanes.ts'
import { newPage } from './open-world.ts'
import type { ServedWorld } from './served-world.ts'
import { untruths } from './truth.ts'

export interface PruningFacts {
  readonly deploys: number
  /** Of the app, after each good deploy. */
  readonly images: readonly number[]
  /** Bytes that these take beyond what they are based on. */
  readonly bytes: readonly number[]
  readonly foreignBefore: number
  readonly foreignAfter: number
  /** Of the whole engine, as `docker system df` has them, before and after. */
  readonly system: readonly [before: string, after: string]
}

const keepReleases = 3
export const pruningRollout = `{ settle: 500ms, healthTimeout: 8s, keepReleases: ${keepReleases} }`
const megabyte = 1_000_000

/** Deploys of a megabyte and more each, with a bad one after every fifth. */
export function pruning(deploys: number): Work<PruningFacts> {
  return {
    name: `pruning over ${deploys} deploys`,
    async run(world, wrong) {
      const foreign = await foreignImages(`foreign${process.pid}`)
      try {
        const before = await systemDisk()
        const images: number[] = []
        const bytes: number[] = []
        const good: { page: string; commit: string }[] = []
        for (let i = 1; i <= deploys; i++) {
          const page = newPage('good')
          const { status, reason, commit } = await world.deploy({ page, files: large() })
          if (status !== 'success') wrong(`deploy ${i} ended as ${status}: ${String(reason)}`)
          good.push({ page, commit: commit ?? '' })
          const sizes = await ownImages(world)
          images.push(sizes.length)
          bytes.push(sizes.reduce((sum, size) => sum + size, 0))
          if (i % 5 !== 0) continue
          const bad = await world.deploy({ page: newPage('bad'), program: 'exit 3\n', files: large() })
          if (bad.status !== 'failure') wrong(`a bad push ended as ${bad.status}`)
        }
        const kept = Math.max(...images.slice(keepReleases))
        // `web` and `api` of each kept release; a version that failed loses its names with the next build.
        if (kept > 2 * keepReleases) wrong(`there were up to ${kept} images of the app: ${images.join()}`)
        const releases = await world.git(
          'for-each-ref',
          '--format=%(refname)',
          `refs/fairway/releases/${world.name}`,
        )
        if (releases.split('\n').length !== keepReleases) wrong(`releases kept: ${releases}`)
        const oldest = good.at(-keepReleases)
        if (oldest) {
          await rollback(world, oldest.commit)
          for (const what of await untruths(world, oldest)) wrong(`gone back to the oldest release: ${what}`)
        }
        const left = await foreign.left()
        if (left < foreign.count) wrong(`of ${foreign.count} foreign images ${left} are left`)
        const system = [before, await systemDisk()] as const
        return { deploys, images, bytes, foreignBefore: foreign.count, foreignAfter: left, system }
      } finally {
        await foreign.remove()
      }
    },
  }
}

function large(): Readonly<Record<string, string>> {
  const text = (): string => randomBytes(megabyte / 2).toString('hex')
  return { 'web/large': text(), 'api/large': text() }
}

/** Bytes of each image that Fairway built for the app, without those of busybox below it. */
async function ownImages({ name }: ServedWorld): Promise<readonly number[]> {
  const label = `label=fairway.app=${name}`
  const listed = await run('docker', ['images', '--all', '--quiet', '--no-trunc', '--filter', label])
  const ids = [...new Set(listed.split('\n').filter((id) => id !== ''))]
  if (ids.length === 0) return []
  const sizes = await run('docker', ['inspect', '--format', '{{.Size}}', 'local/busybox:latest', ...ids])
  const [base = 0, ...own] = sizes.trim().split('\n').map(Number)
  return own.map((size) => size - base)
}

async function systemDisk(): Promise<string> {
  const printed = await run('docker', ['system', 'df', '--format', '{{.Type}} {{.TotalCount}} {{.Size}}'])
  return printed
    .split('\n')
    .filter((line) => /^(Images|Build Cache)/.test(line))
    .join(', ')
}
