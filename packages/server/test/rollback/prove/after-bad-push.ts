import { freePort } from '../../faults/support/app.ts'
import { type Fault, faults } from '../support/faults.ts'
import type { Work } from './in-lanes.ts'
import { deployGood, newPage } from './open-world.ts'
import { filesAt } from './app-files.ts'
import { untruths } from './truth.ts'
import { watchPages } from './watch-pages.ts'

export interface AfterwardsFacts {
  /** How the unrelated push ended. */
  readonly unrelated: string
  readonly badServed: boolean
  readonly fix: string
  readonly revert: string
}

/** After a bad push of some kinds and its rollback: an unrelated push, a fix, and a revert to what was there before. */
export async function afterBadPushes(count: number): Promise<readonly Work<AfterwardsFacts>[]> {
  const port = await freePort()
  return faults(port)
    .filter(({ prepare }) => prepare === undefined)
    .slice(0, count)
    .map((fault) => afterBadPush(fault))
}

function afterBadPush({ name, version }: Fault): Work<AfterwardsFacts> {
  return {
    name: `after a bad push: ${name}`,
    async run(world, wrong) {
      const good = await deployGood(world)
      const bad = newPage(`bad: ${name}`)
      const failed = await world.deploy(version(bad))
      if (failed.status !== 'failure') wrong(`the bad push ended as ${failed.status}`)

      const watch = watchPages(world.ports.web)
      const unrelated = await world.deploy({ files: { 'readme.md': newPage('words') } })
      const pages = (await watch.stop()).map(({ page }) => page)
      const others = pages.filter((page) => page !== good.page)
      const held = `held because`
      if (unrelated.status !== 'skipped' || !unrelated.reason?.startsWith(held)) {
        wrong(`the unrelated push ended as ${unrelated.status}: ${String(unrelated.reason)}`)
      }
      if (others.length > 0) wrong(`while it ran, web served ${JSON.stringify(others)}`)
      for (const what of await untruths(world, good)) wrong(`after the unrelated push: ${what}`)

      const page = newPage('fixed')
      const fix = await world.deploy({ page })
      if (fix.status !== 'success') wrong(`the fix ended as ${fix.status}: ${String(fix.reason)}`)
      for (const what of await untruths(world, { page, commit: fix.commit ?? '' }))
        wrong(`after the fix: ${what}`)

      // To what served before the bad push, as `git revert` does, in a second bad push's place.
      await world.deploy(version(newPage(`bad again: ${name}`)))
      const revert = await world.deploy({ files: filesAt(world.ports, { page: good.page }) })
      if (revert.status !== 'success') wrong(`the revert ended as ${revert.status}: ${String(revert.reason)}`)
      const back = { page: good.page, commit: revert.commit ?? '' }
      for (const what of await untruths(world, back)) wrong(`after the revert: ${what}`)
      const badServed = pages.includes(bad)
      return { unrelated: unrelated.status, badServed, fix: fix.status, revert: revert.status }
    },
  }
}
