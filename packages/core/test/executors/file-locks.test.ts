import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fileLocks } from '../../src/executors/file-locks.ts'
import { digestOf } from '../../src/executors/file-locks/records.ts'
import type { Lock } from '../../src/executors/locks.ts'
import { identify, isAlive } from '../../src/executors/process-group.ts'
import { locksContract } from '../../src/testing/locks-contract.ts'

const what = 'checkout:/srv/shop'
const asRoot = process.geteuid?.() === 0
const nobody = 65_534

let directory: string
let started: number[]
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fairway-file-locks-'))
  started = []
})
afterEach(() => {
  for (const pid of started) if (isAlive({ pid })) process.kill(pid, 'SIGKILL')
  rmSync(directory, { recursive: true, force: true })
})

describe('contract', () => {
  test.for(locksContract(() => ({ locks: fileLocks({ directory }) })))('$name', ({ run }) => run())
})

describe('the folder', () => {
  test('is made so that every user can use it, whatever the umask', async () => {
    const umask = process.umask(0o077)
    try {
      await take(join(directory, 'new', 'locks'))
    } finally {
      process.umask(umask)
    }
    expect(statSync(join(directory, 'new', 'locks')).mode & 0o7777).toBe(0o1777)
    const files = readdirSync(join(directory, 'new', 'locks'))
    expect(files.map((file) => statSync(join(directory, 'new', 'locks', file)).mode & 0o777)).toEqual([
      0o644, 0o644,
    ])
  })

  test('is the one that FAIRWAY_LOCKS names', async () => {
    const answer = await fileLocks({ environment: { FAIRWAY_LOCKS: directory } }).take(what, 'fairway')
    expect(answer.taken).toBe(true)
    expect(readdirSync(directory)).not.toEqual([])
  })

  test('keeps the mode that somebody gave it', async () => {
    chmodSync(directory, 0o700)
    await take(directory)
    expect(statSync(directory).mode & 0o777).toBe(0o700)
  })

  test('that cannot be used is an error that says what to do', async () => {
    writeFileSync(join(directory, 'file'), '')
    await expect(
      fileLocks({ directory: join(directory, 'file') }).take(what, 'fairway'),
    ).rejects.toMatchObject({
      code: 'files_failed',
      message: expect.stringContaining(`Cannot lock ${what}`),
      hint: expect.stringContaining('FAIRWAY_LOCKS'),
    })
  })

  test('is empty again when every lock was given back', async () => {
    const lock = await take(directory)
    lock.note([process.pid])
    await lock.release()
    expect(readdirSync(directory)).toEqual([])
  })
})

describe('a holder that dies', () => {
  test('holds while it lives, and is named', async () => {
    const holder = await startHolder()
    const answer = await fileLocks({ directory }).take(what, 'parent')
    expect(answer).toMatchObject({ taken: false, holder: { pid: holder.pid, who: 'child' } })
  })

  test('loses the lock at once when it is killed', async () => {
    const holder = await startHolder()
    await kill(holder.pid)
    const begun = performance.now()
    await take(directory)
    expect(performance.now() - begun).toBeLessThan(500)
    expect(readdirSync(directory).some((file) => file.includes(`.${holder.pid}.`))).toBe(false)
  })

  test('has what it left running ended by whoever takes the lock over', async () => {
    const holder = await startHolder('--with-child')
    const group = holder.group ?? 0
    await kill(holder.pid)
    expect(isAlive({ pid: group })).toBe(true)
    await take(directory)
    expect(isAlive({ pid: group })).toBe(false)
  })

  test('keeps its lock from a later process of the same pid', async () => {
    plant({ pid: process.pid, startTime: '1', who: 'earlier', since: 'then' })
    await expect(take(directory)).resolves.toBeDefined()
  })
})

describe('what others put into the folder', () => {
  test('is no lock when it is no claim', async () => {
    const digest = digestOf(what)
    writeFileSync(join(directory, `${digest}.1.0123456789abcdef.json`), '{ "pid": 1, "who"')
    writeFileSync(
      join(directory, `${digest}.2.0123456789abcdef.json`),
      '{ "pid": 1, "who": "x", "since": "y" }',
    )
    writeFileSync(join(directory, `${digest}.3.0123456789abcdef.json`), Buffer.alloc(70_000, 32))
    mkdirSync(join(directory, `${digest}.4.0123456789abcdef.json`))
    symlinkSync('/dev/zero', join(directory, `${digest}.5.0123456789abcdef.json`))
    spawn('mkfifo', [join(directory, `${digest}.6.0123456789abcdef.json`)]).once('exit', () => {})
    writeFileSync(join(directory, 'README'), 'hello')
    await expect.poll(() => readdirSync(directory).length).toBe(7)
    await take(directory)
    expect(readdirSync(directory)).toContain('README')
  })

  test('is removed when a dead process left it half done', async () => {
    const dead = `${digestOf('other')}.4194311.0123456789abcdef`
    const alive = `${digestOf('other')}.${process.pid}.0123456789abcdef`
    for (const file of [`${dead}.tmp`, `${dead}.held`, `${alive}.tmp`])
      writeFileSync(join(directory, file), '{')
    await take(directory)
    const left = readdirSync(directory).filter((file) => file.startsWith(digestOf('other')))
    expect(left).toEqual([`${alive}.tmp`])
  })

  test('never makes us signal ourselves or every process', async () => {
    plant(
      { pid: 4_194_311, who: 'x', since: 'y' },
      { groups: [{ pid: 1 }, { pid: 0 }, { pid: -1 }, { pid: 1.5 }, null, 7] },
    )
    await expect(take(directory)).resolves.toBeDefined()
  })

  test('can bring no escape sequence into a log', async () => {
    plant({ ...identify(process.pid), who: '\u001b[2Jx\ny', since: '\u001b]0;' }, { groups: [] })
    const answer = await fileLocks({ directory }).take(what, 'fairway')
    expect(answer).toMatchObject({ taken: false, holder: { who: '\\x1b[2Jx\\ny', since: '\\x1b]0;' } })
  })

  test.runIf(asRoot)("makes root end no process but the planter's own", async () => {
    const victim = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' })
    started.push(victim.pid ?? 0)
    const planted = { pid: 4_194_311, who: 'fairway serve', since: 'then' }
    const files = plant(planted, { groups: [identify(victim.pid ?? 0)] })
    for (const file of files) chownSync(file, nobody, nobody)
    const answer = await fileLocks({ directory }).take(what, 'fairway')
    expect(answer).toMatchObject({
      taken: false,
      holder: { pid: victim.pid, who: 'what fairway serve left running' },
    })
    expect(isAlive({ pid: victim.pid ?? 0 })).toBe(true)
    await kill(victim.pid ?? 0)
    await take(directory)
  })

  test.runIf(asRoot)("ends another user's group when root takes over from that user", async () => {
    const left = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore', uid: nobody })
    started.push(left.pid ?? 0)
    const planted = { pid: 4_194_311, who: 'fairway serve', since: 'then' }
    const files = plant(planted, { groups: [identify(left.pid ?? 0)] })
    for (const file of files) chownSync(file, nobody, nobody)
    await take(directory)
    expect(isAlive({ pid: left.pid ?? 0 })).toBe(false)
  })

  test.runIf(asRoot)('is believed only from the owner of the claim', async () => {
    const victim = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' })
    started.push(victim.pid ?? 0)
    const planted = { pid: 4_194_311, who: 'fairway serve', since: 'then' }
    const [, note = ''] = plant(planted, { groups: [identify(victim.pid ?? 0)] })
    chownSync(note, nobody, nobody)
    await take(directory)
    expect(isAlive({ pid: victim.pid ?? 0 })).toBe(true)
  })
})

test('never lets two in, with processes killed at any moment', async () => {
  const log = join(directory, 'log')
  const locks = join(directory, 'locks')
  const killed = new Set<string>()
  let failures = 0
  const end = performance.now() + 6_000
  const contend = async (isDoomed: boolean): Promise<void> => {
    while (performance.now() < end - 500) {
      const child = spawn(
        process.execPath,
        [...node, fixture('contend.ts'), locks, log, `${end - performance.now()}`],
        {
          stdio: ['ignore', 'inherit', 'inherit'],
        },
      )
      started.push(child.pid ?? 0)
      if (isDoomed) setTimeout(() => child.kill('SIGKILL'), 400 + Math.random() * 1_200)
      await once(child, 'exit')
      if (child.signalCode === 'SIGKILL') killed.add(`${child.pid}`)
      else failures += child.exitCode === 0 ? 0 : 1
    }
  }
  await Promise.all([false, false, true, true, true, true].map(contend))

  const { sections, overlaps } = readSections(readFileSync(log, 'utf8'), killed)
  expect(overlaps).toEqual([])
  expect(failures).toBe(0)
  expect(sections).toBeGreaterThan(100)
  expect(killed.size).toBeGreaterThan(2)
  await take(locks)
}, 15_000)

/** Reads `begin PID` and `end PID` lines; a section that its process did not live to end is over when the next begins. */
function readSections(
  text: string,
  killed: ReadonlySet<string>,
): { sections: number; overlaps: readonly string[] } {
  const overlaps: string[] = []
  let inside: string | undefined
  let sections = 0
  for (const [index, line] of text.trimEnd().split('\n').entries()) {
    const [word, pid = ''] = line.split(' ')
    if (word === 'begin') {
      if (inside !== undefined && !killed.has(inside))
        overlaps.push(`line ${index + 1}: ${line}, with ${inside} inside`)
      inside = pid
      sections += 1
    } else {
      if (inside !== pid) overlaps.push(`line ${index + 1}: ${line}, with ${inside} inside`)
      inside = undefined
    }
  }
  return { sections, overlaps }
}

const node = ['--conditions=@fairway/source', '--no-warnings']

function fixture(name: string): string {
  return join(import.meta.dirname, 'fixtures', name)
}

async function take(folder: string): Promise<Lock> {
  const answer = await fileLocks({ directory: folder }).take(what, 'test')
  if (!answer.taken) throw new Error(`held by ${JSON.stringify(answer.holder)}`)
  return answer.lock
}

/** Starts another process that takes the lock and keeps it. */
async function startHolder(
  ...flags: readonly string[]
): Promise<{ readonly pid: number; readonly group?: number }> {
  const child = spawn(process.execPath, [...node, fixture('hold-lock.ts'), directory, what, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const pid = child.pid ?? 0
  started.push(pid)
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { taken, group } = JSON.parse(line) as { taken: boolean; group?: number }
  expect(taken).toBe(true)
  if (group === undefined) return { pid }
  started.push(group)
  return { pid, group }
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => isAlive({ pid }), { interval: 5 }).toBe(false)
}

interface PlantedClaim {
  readonly pid: number
  readonly startTime?: string
  readonly who: string
  readonly since: string
}

/** Writes a claim, and a note if it has one, as they would stand there after their process died; returns their paths. */
function plant(claim: PlantedClaim, note?: object): readonly string[] {
  const name = join(directory, `${digestOf(what)}.${claim.pid}.0123456789abcdef`)
  writeFileSync(`${name}.json`, JSON.stringify({ what, ...claim }))
  if (note) writeFileSync(`${name}.held`, JSON.stringify(note))
  return [`${name}.json`, `${name}.held`].filter((file) => existsSync(file))
}
