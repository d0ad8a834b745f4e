import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createLogger, type LoggerOptions, type ServerLogger } from '../../src/log/create-logger.ts'

const noon = new Date(2026, 0, 31, 12, 0, 0, 0)

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'fairway-log-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A logger whose console is a list. */
function logTo(lines: string[], options: Partial<LoggerOptions> = {}): ServerLogger {
  const console = (line: string): void => void lines.push(line)
  return createLogger({ format: 'text', logFile: null, secrets: [], now: () => noon, console, ...options })
}

test("text lines are Python's, byte for byte, on the console and in the file", () => {
  const logFile = join(folder(), 'logs', 'webhook_server.log')
  const lines: string[] = []
  const log = logTo(lines, { logFile })
  log.debug('Signed with webhook.secrets[0].')
  log.info('⚙️ Deployer self-update skipped.')
  log.warn('🚫 Unknown repository: x')
  log.error('Git pull failed for shop: no\nsecond line\n\nlast line\n')
  const golden = [
    '2026-01-31 12:00:00,000 - DEBUG - Signed with webhook.secrets[0].',
    '2026-01-31 12:00:00,000 - INFO - ⚙️ Deployer self-update skipped.',
    '2026-01-31 12:00:00,000 - WARNING - 🚫 Unknown repository: x',
    '2026-01-31 12:00:00,000 - ERROR - Git pull failed for shop: no\n    second line\n    \n    last line',
  ]
  expect(lines).toEqual(golden)
  expect(readFileSync(logFile, 'utf8')).toBe(golden.map((line) => `${line}\n`).join(''))
})

test('every part of the time is padded', () => {
  const lines: string[] = []
  logTo(lines, { now: () => new Date(2026, 8, 3, 4, 5, 6, 7) }).info('x')
  expect(lines).toEqual(['2026-09-03 04:05:06,007 - INFO - x'])
})

test('json has one object a line, with the fields of events', () => {
  const lines: string[] = []
  const log = logTo(lines, { format: 'json', now: () => new Date(Date.UTC(2026, 0, 31, 12)) })
  log.warn('two\nlines')
  log.event({ message: 'step', step: 'gitPull', durationMs: 12, deployments: [{ id: 'd1' }] })
  log.event({ message: 'x', time: 'never', level: 'LOUD', constructor: 1 })
  log.close()
  expect(lines).toEqual([
    '{"time":"2026-01-31T12:00:00.000Z","level":"WARNING","message":"two\\nlines"}',
    [
      '{"time":"2026-01-31T12:00:00.000Z","level":"INFO","message":"step","step":"gitPull","durationMs":12,"deployments":[{"id":"d1"}]}',
      '{"time":"2026-01-31T12:00:00.000Z","level":"INFO","message":"x","constructor":1}',
    ].join('\n'),
  ])
})

test('in text an event writes nothing', () => {
  const lines: string[] = []
  logTo(lines).event({ message: 'step' })
  expect(lines).toEqual([])
})

test('secrets are masked and escapes shown, in both formats and in nested fields', () => {
  const secrets = ['a-secret-of-some-length']
  const text: string[] = []
  logTo(text, { secrets }).info('got a-secret-of-some-length from https://ada:pw@host \u001b[2J')
  expect(text).toEqual(['2026-01-31 12:00:00,000 - INFO - got *** from https://***@host \\x1b[2J'])
  const json: string[] = []
  const log = logTo(json, { secrets, format: 'json' })
  log.mask?.(['learned "later"'])
  log.event({ message: 'a-secret-of-some-length', list: [{ a: 'ghp_0123456789abcdef\u202e' }] })
  log.event({ message: 'a', list: ['learned "later"', '\u001b[2J', 'https://ada:pw@host'] })
  log.event({ message: 'b', a: 'Authorization: Bearer', c: 'xyz', d: '\u0085' })
  log.close()
  expect(
    json.flatMap((written) => written.split('\n')).map((line) => JSON.parse(line) as unknown),
  ).toMatchObject([
    { message: '***', list: [{ a: '***\\u202e' }] },
    { message: 'a', list: ['***', '\\x1b[2J', 'https://***@host'] },
    { message: 'b', a: 'Authorization: Bearer', c: 'xyz', d: '\\x85' },
  ])
})

test('a message cannot pose as a line of the log', () => {
  const lines: string[] = []
  logTo(lines).info('x\r2026-01-31 12:00:00,000 - INFO - forged\n2026-01-31 12:00:00,000 - INFO - forged')
  expect(lines[0]?.split('\n')).toEqual([
    '2026-01-31 12:00:00,000 - INFO - x\\r2026-01-31 12:00:00,000 - INFO - forged',
    '    2026-01-31 12:00:00,000 - INFO - forged',
  ])
})

test.each(['text', 'json'] as const)(
  'F31: in %s the file is appended to, and followed when it is rotated away or removed; no line is lost',
  (format) => {
    const logFile = join(folder(), 'f.log')
    const lines: string[] = []
    logTo(lines, { logFile, format }).info('one')
    const log = logTo(lines, { logFile, format })
    log.info('two')
    renameSync(logFile, `${logFile}.1`)
    log.info('three')
    renameSync(logFile, `${logFile}.2`)
    log.warn('four')
    log.info('five')
    const written = [`${logFile}.1`, `${logFile}.2`, logFile].map((path) => readFileSync(path, 'utf8'))
    expect(written).toEqual(
      [lines.slice(0, 2), lines.slice(2, 3), lines.slice(3)].map((part) => `${part.join('\n')}\n`),
    )
    rmSync(logFile)
    log.info('six')
    expect(readFileSync(logFile, 'utf8')).toBe(`${lines[5]}\n`)
  },
)

test('a log file that cannot be opened is a mistake in the configuration, at once', () => {
  const directory = folder()
  expect(() => logTo([], { logFile: directory })).toThrow(
    expect.objectContaining({
      name: 'ConfigError',
      message: expect.stringMatching(/^server\.logFile: cannot open .* EISDIR/),
    }),
  )
})

test('a file that can no longer be written to is told once, and the console goes on', () => {
  const directory = folder()
  const logFile = join(directory, 'f.log')
  const lines: string[] = []
  const log = logTo(lines, { logFile })
  rmSync(logFile)
  mkdirSync(logFile)
  log.info('one')
  log.info('two')
  expect(lines).toEqual([
    '2026-01-31 12:00:00,000 - INFO - one',
    expect.stringMatching(
      /^2026-01-31 12:00:00,000 - ERROR - Cannot write to the log file .*EISDIR.* The log goes on here\.$/,
    ),
    '2026-01-31 12:00:00,000 - INFO - two',
  ])
})

test('nothing is written after close', () => {
  const lines: string[] = []
  const log = logTo(lines)
  log.close()
  log.info('late')
  expect(lines).toEqual([])
})

test('the console is stderr, and a reader that went away ends nothing', () => {
  const written: unknown[] = []
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    written.push(chunk)
    return true
  })
  onTestFinished(() => spy.mockRestore())
  const log = createLogger({ format: 'text', logFile: null, secrets: [], now: () => noon })
  log.info('x')
  expect(written).toEqual(['2026-01-31 12:00:00,000 - INFO - x\n'])
  expect(() => process.stderr.emit('error', new Error('EPIPE'))).not.toThrow()
})

test('what belongs together goes out in one write, also within another, and what follows by itself', () => {
  const logFile = join(folder(), 'webhook_server.log')
  const lines: string[] = []
  const log = logTo(lines, { logFile })
  log.together(() => {
    log.info('one')
    log.together(() => log.warn('two\nmore of it'))
  })
  log.together(() => {})
  expect(lines).toEqual([])
  log.info('three')
  const text = [
    '2026-01-31 12:00:00,000 - INFO - one\n2026-01-31 12:00:00,000 - WARNING - two\n    more of it',
    '2026-01-31 12:00:00,000 - INFO - three',
  ]
  expect(lines).toEqual(text)
  expect(readFileSync(logFile, 'utf8')).toBe(`${text.join('\n')}\n`)
})

test('what several deliveries say at one moment goes out in one write, by itself', async () => {
  const lines: string[] = []
  const log = logTo(lines)
  log.together(() => log.info('one'))
  log.together(() => log.info('two'))
  expect(lines).toEqual([])
  await nextTurn()
  expect(lines).toEqual(['2026-01-31 12:00:00,000 - INFO - one\n2026-01-31 12:00:00,000 - INFO - two'])
  log.together(() => log.info('three'))
  await nextTurn()
  expect(lines).toHaveLength(2)
})

test.each(['process.exit(0)', 'throw new Error("bug")'])('%s loses no line that waits', (end) => {
  const logger = new URL('../../src/log/create-logger.ts', import.meta.url)
  const script = `
    const { createLogger } = await import(${JSON.stringify(logger.href)})
    const log = createLogger({ format: 'json', logFile: null, secrets: [] })
    log.event({ message: 'delivery' })
    ${end}`
  const node = ['--conditions=@fairway/source', '--input-type=module', '-e', script]
  const { stderr } = spawnSync(process.execPath, node, { encoding: 'utf8' })
  expect(stderr).toContain('"message":"delivery"')
})

test('what was said before a bug is written all the same', () => {
  const lines: string[] = []
  const log = logTo(lines)
  const fail = (): void => {
    log.info('one')
    throw new Error('no')
  }
  expect(() => log.together(fail)).toThrow('no')
  log.info('two')
  expect(lines).toHaveLength(2)
})
