import type { Logger, RunEvent } from '@fairway/core'
import { cleanText } from '@fairway/core/basics'
import { redact } from '@fairway/server/journal'
import { cutToWidth } from './display/width.ts'
import { painter, type Terminal } from './terminal.ts'

/** Shows a run while it goes on. */
export interface Progress {
  readonly log: Logger
  readonly observe: (event: RunEvent) => void
  close(): void
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const marks = { success: '✔', skipped: '–', failure: '✖', cancelled: '✖' } as const
const colours = { success: 'green', skipped: 'yellow', failure: 'red', cancelled: 'red' } as const

/** On a terminal a live line under the finished steps; elsewhere plain lines. All of it on stderr. */
export function showProgress(terminal: Terminal, secrets: readonly string[]): Progress {
  const { stderr } = terminal
  const live = stderr.isTTY === true
  const paint = painter(terminal)
  // Masked before it is cut: half a secret would not be found.
  const safe = (text: string, limit?: number): string => cleanText(redact(text, secrets), limit)
  let step: { readonly name: string; readonly since: number } | undefined
  let last = ''
  let frame = 0

  const clear = (): void => void (live && step && stderr.write('\r\u001b[2K'))
  const draw = (): void => {
    if (!live || !step) return
    const seconds = ((performance.now() - step.since) / 1000).toFixed(1)
    const text = `${frames[frame % frames.length]} ${step.name}  ${seconds} s  ${last}`
    // A wrapped line could not be cleared.
    stderr.write(`\r\u001b[2K${cutToWidth(text, (stderr.columns || 80) - 1)}`)
  }
  const print = (line: string): void => {
    clear()
    stderr.write(`${line}\n`)
    draw()
  }
  const message = (level: string, text: string): void => {
    const [first = '', ...more] = text.split('\n').map((line) => safe(line, 2_000))
    print([`${level}${first}`, ...more.map((line) => `    ${line}`)].join('\n'))
  }
  const timer = live
    ? setInterval(() => {
        frame += 1
        draw()
      }, 100)
    : undefined

  return {
    log: {
      debug: () => {},
      info: (text) => message('  ', text),
      warn: (text) => message(paint('yellow', '! '), text),
      error: (text) => message(paint('red', '✖ '), text),
    },
    observe(event) {
      switch (event.type) {
        case 'step-started':
          step = { name: event.step, since: performance.now() }
          last = ''
          if (live) draw()
          else print(`▸ ${event.step}`)
          return
        case 'output':
          last = safe(event.line)
          if (live) draw()
          else print(`  | ${last}`)
          return
        case 'step-ended': {
          clear()
          step = undefined
          const mark = paint(colours[event.status], marks[event.status])
          print(`${mark} ${event.step}  ${(event.durationMs / 1000).toFixed(1)} s`)
        }
      }
    },
    close() {
      clearInterval(timer)
      clear()
    },
  }
}
