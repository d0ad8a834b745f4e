// The measure: node:http that only verifies and parses.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { secret } from './deliveries.ts'
import { answerParent } from './measured.ts'

const accepted = Buffer.from('{"message":"Webhook received and processing started in background!"}')

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    const given = Buffer.from(String(request.headers['x-hub-signature-256']))
    const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`)
    const isSigned = given.length === expected.length && timingSafeEqual(given, expected)
    const push = isSigned ? (JSON.parse(body.toString('utf8')) as { ref?: string }) : undefined
    response.writeHead(push?.ref === undefined ? 401 : 202, {
      'content-type': 'application/json',
      'content-length': accepted.length,
    })
    response.end(accepted)
  })
})
server.listen(0, '127.0.0.1', () => {
  answerParent(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => server.close())
})
