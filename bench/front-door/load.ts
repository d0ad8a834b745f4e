// Sends signed pushes over connections that are kept, one at a time on each, and tells the parent how many were answered.
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { signedPushes } from './deliveries.ts'

/** What is to be sent. */
export interface Order {
  readonly url: string
  readonly connections: number
  /** Milliseconds before the clock starts, and with it running. */
  readonly warmUp: number
  readonly measured: number
}

/** What became of it; `began` and `ended` come by themselves in between. */
export interface Sent {
  readonly answered: number
  readonly seconds: number
  readonly refused: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

process.on('message', (order: Order) => void send(order))
process.on('disconnect', () => process.exit())

async function send({ url, connections, warmUp, measured }: Order): Promise<void> {
  const { port, hostname } = new URL(url)
  // By a name, as a git host does.
  const pushes = signedPushes(256, 'deploy.example.com')
  // Unique over all runs against the same journal.
  const run = randomBytes(8).toString('hex')
  const waits: number[] = []
  let serial = 0
  let refused = 0
  let isOpen = false
  let isOver = false

  const drive = (socket: Socket): void => {
    const next = (): void => {
      if (isOver) return void socket.destroy()
      serial += 1
      const push = pushes[serial % pushes.length]
      if (!push) throw new Error('There is nothing to send')
      const since = performance.now()
      answered = (status) => {
        if (status !== 202) refused += 1
        else if (isOpen) waits.push(performance.now() - since)
        next()
      }
      socket.cork()
      socket.write(`${push.headers}X-GitHub-Delivery: ${run}-${serial}\r\n\r\n`)
      socket.write(push.body)
      socket.uncork()
    }
    let answered: (status: number) => void = () => {}
    readAnswers(socket, (status) => answered(status))
    socket.once('connect', next)
    socket.on('error', (error) => {
      if (!isOver) throw error
    })
  }
  for (let i = 0; i < connections; i++) drive(connect({ host: hostname, port: Number(port), noDelay: true }))

  await pause(warmUp)
  isOpen = true
  process.send?.('began')
  const since = performance.now()
  await pause(measured)
  isOpen = false
  const seconds = (performance.now() - since) / 1000
  process.send?.('ended')
  isOver = true
  const sorted = waits.toSorted((one, other) => one - other)
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0
  process.send?.({ answered: waits.length, seconds, refused, p50: at(0.5), p99: at(0.99) } satisfies Sent)
}

/** Answers with a Content-Length, one after the other; gives the status of each once it is whole. */
function readAnswers(socket: Socket, onAnswer: (status: number) => void): void {
  let text = ''
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    text += chunk
    const end = text.indexOf('\r\n\r\n')
    if (end === -1) return
    const [, length = ''] = /\r\ncontent-length: (\d+)/i.exec(text) ?? []
    if (length === '') throw new Error(`An answer without a Content-Length: ${text}`)
    const whole = end + 4 + Number(length)
    if (text.length < whole) return
    const status = Number(text.slice(9, 12))
    text = text.slice(whole)
    onAnswer(status)
  })
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
