import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { run } from '../../../../../scripts/lib/run.ts'
import { dockerfile, type World } from '../../support/world.ts'
import { goBackByHand } from './go-back.ts'

/** How many releases the app keeps. */
export const kept = 3

/** What the engine had of the app after a number of deploys. */
export interface Pruned {
  /** Images, after each deploy. */
  readonly images: readonly number[]
  /** Milliseconds that the step took, after each deploy. */
  readonly durations: readonly number[]
  /** What all these images would take if none had been pruned. */
  readonly built: number
}

/**
 * Deploys so many versions of two services, some after one that fails, with images of somebody else beside them; then goes back to each
 * kept release.
 */
export async function deployAndPrune(world: World, deploys: number): Promise<Pruned> {
  const mark = randomUUID()
  const foreign = await foreignImages(mark)
  const commits: string[] = []
  const images: number[] = []
  const durations: number[] = []
  try {
    for (let number = 1; number <= deploys; number++) {
      if (number % 5 === 4) await pushBad(world, number, mark)
      await world.origin.commit(`version ${number}`, versionOf(number, mark))
      await world.origin.push()
      const ended = await world.deploy()
      expect(ended).toMatchObject({ status: 'success' })
      commits.push(ended.commit ?? '')
      images.push((await imagesOf(mark)).length)
      durations.push(ended.steps.find(({ name }) => name === 'prune')?.durationMs ?? Infinity)
    }
    for (const [index, commit] of commits.entries()) {
      if (index < deploys - kept) continue
      const back = await goBackByHand(world, { to: commit, reason: 'a look' })
      expect(back).toMatchObject({ status: 'success', commit })
      expect(await world.served('web')).toBe(`web ${index + 1}`)
      expect(await world.served('api')).toBe(`api ${index + 1}`)
    }
    const forgotten = await goBackByHand(world, { to: commits[deploys - kept - 1] ?? '', reason: 'a look' })
    expect(forgotten.reason).toContain('no release is of')
    const there = new Set((await run('docker', ['images', '--all', '--quiet', '--no-trunc'])).split('\n'))
    expect(foreign.filter((id) => !there.has(id))).toEqual([])
    return { images, durations, built: 2 * deploys + Math.floor((deploys + 1) / 5) }
  } finally {
    const own = await imagesOf(mark)
    await world.close()
    await run('docker', ['rmi', '--force', ...foreign])
    const left = new Set(await imagesOf(mark))
    const spare = own.filter((id) => left.has(id))
    if (spare.length > 0) await run('docker', ['rmi', '--force', ...spare])
  }
}

/** Fails and is rolled back: its image loses its name, and is of no release. */
async function pushBad(world: World, number: number, mark: string): Promise<void> {
  const bad = `${dockerfile.replace(/CMD.*/, 'CMD ["false"]')}LABEL test.mark=${mark}\n`
  await world.origin.commit(`bad version ${number}`, {
    'web/Dockerfile': bad,
    'web/index.html': `bad ${number}\n`,
  })
  await world.origin.push()
  expect(await world.deploy()).toMatchObject({ status: 'failure' })
  expect((await imagesOf(mark)).length).toBeGreaterThan(2 * Math.min(number - 1, kept))
}

function versionOf(number: number, mark: string): Readonly<Record<string, string>> {
  const services = ['web', 'api']
  const files = services.flatMap((name) => [
    [`${name}/Dockerfile`, `${dockerfile}LABEL test.mark=${mark}\n`] as const,
    [`${name}/index.html`, `${name} ${number}\n`] as const,
  ])
  const sections = services.map((name) => `  ${name}:\n    build: ./${name}\n    init: true\n`)
  return { 'docker-compose.prod.yml': `services:\n${sections.join('')}`, ...Object.fromEntries(files) }
}

async function imagesOf(mark: string): Promise<readonly string[]> {
  const listed = await run('docker', [
    'images',
    '--all',
    '--quiet',
    '--no-trunc',
    '--filter',
    `label=test.mark=${mark}`,
  ])
  return [...new Set(listed.split('\n').filter((id) => id !== ''))]
}

/** One with a name, one without any, and one without any that Fairway built for another app. */
async function foreignImages(mark: string): Promise<readonly string[]> {
  const context = await mkdtemp(join(tmpdir(), 'fairway-foreign-'))
  try {
    const build = async (content: string, ...options: readonly string[]): Promise<string> => {
      await writeFile(join(context, 'Dockerfile'), `FROM local/busybox:latest\nCOPY content /\n`)
      await writeFile(join(context, 'content'), `${mark} ${content}\n`)
      return (await run('docker', ['build', '--quiet', ...options, context])).trim()
    }
    return [
      await build('one', '--tag', `foreign-${mark}:latest`),
      await build('two'),
      await build('three', '--label', `fairway.app=other-${mark}`),
    ]
  } finally {
    await rm(context, { recursive: true, force: true })
  }
}
