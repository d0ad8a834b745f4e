import { test } from 'vitest'
import { systemClock } from '../../src/executors/system-clock.ts'
import { clockContract } from '../../src/testing/clock-contract.ts'

test.for(clockContract(() => ({ clock: systemClock() })))('$name', ({ run }) => run())
