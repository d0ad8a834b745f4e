import { expect, test } from 'vitest'
import { readLogs } from '../../src/executors/read-logs.ts'

/** As the Engine sends what was written to a stream: 1 is standard output, 2 standard error. */
function frame(stream: 1 | 2, bytes: string | Buffer): Buffer {
  const content = Buffer.from(bytes)
  const header = Buffer.alloc(8)
  header.writeUInt8(stream)
  header.writeUInt32BE(content.length, 4)
  return Buffer.concat([header, content])
}

test('puts the frames of both streams together in order', () => {
  expect(readLogs(Buffer.concat([frame(1, 'one\n'), frame(2, 'two\n'), frame(1, 'three')]), false)).toEqual([
    'one',
    'two',
    'three',
  ])
})

test('a character cut by two frames is one character', () => {
  const [start, end] = [Buffer.from('ü').subarray(0, 1), Buffer.from('ü').subarray(1)]
  expect(readLogs(Buffer.concat([frame(1, start), frame(1, end)]), false)).toEqual(['ü'])
})

test('shows bytes that are no text, and the rest of a frame that was cut off', () => {
  expect(readLogs(frame(1, Buffer.from([0xff, 0x0a])), false)).toEqual(['\ufffd'])
  expect(readLogs(frame(1, 'cut off').subarray(0, 11), false)).toEqual(['cut'])
  expect(readLogs(frame(1, 'none').subarray(0, 5), false)).toEqual([])
})

test('keeps empty lines, but none after the last', () => {
  expect(readLogs(frame(1, 'one\n\ntwo\n'), false)).toEqual(['one', '', 'two'])
  expect(readLogs(Buffer.alloc(0), false)).toEqual([])
})

test('reads what was written to a terminal as it is, also what dockerode parsed', () => {
  expect(readLogs(Buffer.from('one\r\ntwo\r\n'), true)).toEqual(['one', 'two'])
  expect(readLogs({ level: 'fatal' }, true)).toEqual(['{"level":"fatal"}'])
  expect(readLogs(42, true)).toEqual(['42'])
})
