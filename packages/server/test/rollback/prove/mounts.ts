import type { Tree } from '../../../../../scripts/lib/origin.ts'
import { rollback } from './by-hand.ts'
import type { Work } from './in-lanes.ts'
import { deployGood, newPage } from './open-world.ts'
import { untruths } from './truth.ts'

export interface MountFacts {
  readonly mount: string
  readonly isBack: boolean
}

/** What only changes what `web` mounts. */
const mounts: Readonly<Record<string, (page: string) => Tree>> = {
  directory: (page) => ({ 'site/index.html': `${page}\n` }),
  'single file': (page) => ({ 'one.txt': `${page}\n` }),
  both: (page) => ({ 'site/index.html': `${page}\n`, 'one.txt': `${page}\n` }),
}

/** `web` is healthy as long as neither of its mounts says "bad". */
const healthcheck = `    healthcheck: { test: ["CMD-SHELL", "! grep -q bad /site/index.html /one.txt"], interval: 300ms, retries: 1 }
`

/** Mounted content that makes `web` unhealthy, and mounted content that somebody goes back from by hand. */
export function mountTrials(): readonly Work<MountFacts>[] {
  return Object.entries(mounts).flatMap(([mount, files]) => [byItself(mount, files), byHand(mount, files)])
}

function byItself(mount: string, files: (page: string) => Tree): Work<MountFacts> {
  return {
    name: `bind mount, ${mount}, by itself`,
    async run(world, wrong) {
      const page = newPage('good')
      const { commit, status } = await world.deploy({ page, web: healthcheck })
      if (status !== 'success') wrong(`the good version ended as ${status}`)
      const bad = await world.deploy({ files: files(newPage('bad')) })
      if (bad.status !== 'failure') wrong(`the bad one ended as ${bad.status}: ${String(bad.reason)}`)
      const found = await untruths(world, { page, commit: commit ?? '' })
      found.forEach(wrong)
      return { mount, isBack: found.length === 0 }
    },
  }
}

function byHand(mount: string, files: (page: string) => Tree): Work<MountFacts> {
  return {
    name: `bind mount, ${mount}, by hand`,
    async run(world, wrong) {
      const good = await deployGood(world)
      const next = await world.deploy({ files: files(newPage('other')) })
      if (next.status !== 'success') wrong(`the next version ended as ${next.status}: ${String(next.reason)}`)
      await rollback(world, good.commit)
      const found = await untruths(world, good)
      found.forEach(wrong)
      return { mount, isBack: found.length === 0 }
    },
  }
}
