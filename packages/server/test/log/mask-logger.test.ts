import { expect, test } from 'vitest'
import { maskLogger } from '../../src/log/mask-logger.ts'
import { recordingLogger } from '../support/recording-logger.ts'

test("any logger, also one of somebody else's, sees only clean text; what was learned is never forgotten", () => {
  const inner = recordingLogger()
  const fields: unknown[] = []
  const log = maskLogger({ ...inner, event: (given) => void fields.push(given) })
  log.info('before: first-secret')
  log.mask(['first-secret'])
  log.mask(['second-secret'])
  log.debug('first-secret')
  log.info('second-secret \u001b[2J')
  log.warn('https://ada:pw@host')
  log.error('first-secretsecond-secret\nnext line')
  log.event({ message: 'first-secret', list: [{ deep: 'second-secret', number: 1 }], flag: true })
  expect(inner.lines).toEqual([
    'INFO before: first-secret',
    'DEBUG ***',
    'INFO *** \\x1b[2J',
    'WARNING https://***@host',
    'ERROR ******\nnext line',
  ])
  expect(fields).toEqual([{ message: '***', list: [{ deep: '***', number: 1 }], flag: true }])
  expect(log.redact('second-secret')).toBe('***')
})
