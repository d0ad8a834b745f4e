import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { describe, test } from 'vitest'
import { networkProbe } from '../../src/executors/network-probe.ts'
import { fakeProbe } from '../../src/testing/fake-probe.ts'
import { probeContract } from '../../src/testing/probe-contract.ts'

describe('fakeProbe', () => {
  test.for(
    probeContract(() => {
      const probe = fakeProbe()
      let port = 8_000
      const answer = (given: number | 'connected'): number => {
        port += 1
        probe.answer(`127.0.0.1:${port}`, given)
        return port
      }
      return { probe, serve: answer, listen: () => answer('connected'), nobody: () => 1 }
    }),
  )('$name', ({ run }) => run())
})

describe('networkProbe', () => {
  test.for(
    probeContract(() => {
      const servers: Server[] = []
      const listen = async (server: Server): Promise<number> => {
        servers.push(server)
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
        return (server.address() as AddressInfo).port
      }
      const end = (server: Server): Promise<unknown> => new Promise((resolve) => server.close(resolve))
      return {
        probe: networkProbe(),
        serve: (status) => listen(createHttpServer((_, response) => void response.writeHead(status).end())),
        listen: () => listen(createServer((socket) => void socket.on('error', () => {}).resume())),
        async nobody() {
          const server = createServer()
          const port = await listen(server)
          await end(server)
          return port
        },
        async cleanup() {
          await Promise.all(servers.filter(({ listening }) => listening).map(end))
        },
      }
    }),
  )('$name', ({ run }) => run())
})
