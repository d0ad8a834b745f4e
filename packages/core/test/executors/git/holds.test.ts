import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Holds } from '../../../src/domain/release.ts'
import { simpleGit } from '../../../src/executors/simple-git.ts'
import { gitBench } from '../../support/git-bench.ts'

const bench = gitBench()
const at = '2026-01-31T12:00:00.000Z'
const app = { reason: 'the fair is on', by: 'ada', at }
const held = (service: string) => ({ service, commit: 'f'.repeat(40), reason: 'it is bad', at })
const ref = 'refs/fairway/holds/shop'

/** What somebody else, who is faster, writes at the moment in which a change is made up. */
function overtake(path: string, holds: Holds | undefined): void {
  if (holds === undefined) {
    bench.play.git(path, 'update-ref', '-d', ref)
    return
  }
  writeFileSync(bench.play.path('holds'), `${JSON.stringify(holds)}\n`)
  bench.play.git(path, 'update-ref', ref, bench.play.git(path, 'hash-object', '-w', bench.play.path('holds')))
}

test.each<[string, Holds, Holds | undefined]>([
  ['where nothing was held', { content: [] }, { app, content: [] }],
  ['where something was held', { content: [held('api')] }, { app, content: [held('api')] }],
  ['where that is held no more', { content: [held('api')] }, undefined],
])('a change is made anew of what somebody wrote in the same moment, %s', async (_, before, theirs) => {
  const { path } = bench.cloned()
  await bench.git.changeHolds(path, 'shop', () => before)
  const seen: Holds[] = []
  const after = await bench.git.changeHolds(path, 'shop', (holds) => {
    seen.push(holds)
    if (seen.length === 1) overtake(path, theirs)
    return { ...holds, content: [...holds.content, held('web')] }
  })
  const found = theirs ?? { content: [] }
  expect(seen).toEqual([before, found])
  expect(after).toEqual({ ...found, content: [...found.content, held('web')] })
  expect(await bench.git.holds(path, 'shop')).toEqual(after)
})

test('an end of all holds that came too late takes nothing with it that it has not seen', async () => {
  const { path } = bench.cloned()
  await bench.git.changeHolds(path, 'shop', () => ({ content: [held('api')] }))
  const seen: Holds[] = []
  await bench.git.changeHolds(path, 'shop', (holds) => {
    seen.push(holds)
    if (seen.length === 1) overtake(path, { app, content: [held('api')] })
    return { content: [] }
  })
  expect(seen.at(-1)).toEqual({ app, content: [held('api')] })
  expect(bench.play.git(path, 'for-each-ref', ref)).toBe('')
})

test('somebody who is faster every time does not keep it busy for ever', async () => {
  const { path } = bench.cloned()
  let times = 0
  const changing = bench.git.changeHolds(path, 'shop', (holds) => {
    times += 1
    overtake(path, { content: [held(`other ${times}`)] })
    return { ...holds, app }
  })
  await expect(changing).rejects.toMatchObject({ code: 'git_failed' })
  expect(times).toBe(20)
  expect((await bench.git.holds(path, 'shop')).content).toEqual([held('other 20')])
})

test('another process, which has read nothing yet, loses nothing either', async () => {
  const { path } = bench.cloned()
  const gits = [
    bench.git,
    ...Array.from({ length: 3 }, () => simpleGit({ environment: bench.play.environment })),
  ]
  await Promise.all(
    gits.map((git, index) =>
      git.changeHolds(path, 'shop', (holds) => ({
        ...holds,
        content: [...holds.content, held(`service ${index}`)],
      })),
    ),
  )
  expect((await bench.git.holds(path, 'shop')).content).toHaveLength(gits.length)
})
