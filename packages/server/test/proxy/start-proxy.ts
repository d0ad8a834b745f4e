import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeployError, runCommand } from '@fairway/core'
import { run } from '../../../../scripts/lib/run.ts'

export const domain = 'hooks.example.com'

/** A real reverse proxy with TLS that runs what stands in docs/, on free ports. */
export interface Proxy {
  readonly http: number
  readonly https: number
  /** The certificate that it shows, signed by itself. */
  readonly certificate: string
  /** Ends it, and rejects if it had ended by itself. */
  close(): Promise<void>
}

interface Place {
  readonly folder: string
  readonly http: number
  readonly https: number
  readonly upstream: number
}

/** Each writes its files into the folder and gives the arguments that it is started with. */
const proxies = { caddy: prepareCaddy, nginx: prepareNginx }

export type ProxyName = keyof typeof proxies

/** Starts one in front of the server that listens on port `upstream` of 127.0.0.1. */
export async function startProxy(name: ProxyName, upstream: number): Promise<Proxy> {
  const folder = await mkdtemp(join(tmpdir(), `fairway-${name}-`))
  const [http, https] = [await freePort(), await freePort()]
  await makeCertificate(folder)
  const args = await proxies[name]({ folder, http, https, upstream })
  const stop = new AbortController()
  const environment = { PATH: `${process.env['PATH']}:/usr/sbin`, HOME: folder }
  const ended = runCommand({ command: name, args, environment, directory: folder }, { signal: stop.signal })
  const endedByItself = ended.then(({ lastLines }) => {
    throw new Error(`${name} ended by itself:\n${lastLines.join('\n')}`)
  })
  // Awaited by `close`; until then it must not count as unhandled.
  endedByItself.catch(() => {})
  const close = async (): Promise<void> => {
    stop.abort('the test is over')
    try {
      await endedByItself
    } catch (error) {
      if (!isDeployError(error, 'cancelled')) throw error
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  try {
    await Promise.race([answers(https), endedByItself])
  } catch (error) {
    await close()
    throw error
  }
  return { http, https, certificate: await readFile(join(folder, 'certificate.pem'), 'utf8'), close }
}

async function prepareCaddy({ folder, http, https, upstream }: Place): Promise<readonly string[]> {
  const text = await snippet('caddy/Caddyfile')
  const own = text
    .replace('{\n', `{\n\tadmin off\n\tskip_install_trust\n\thttp_port ${http}\n\thttps_port ${https}\n`)
    .replace(`${domain} {\n`, `${domain} {\n\ttls certificate.pem key.pem\n`)
    .replaceAll('127.0.0.1:8000', `127.0.0.1:${upstream}`)
  await writeFile(join(folder, 'Caddyfile'), own)
  return ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile']
}

async function prepareNginx({ folder, http, https, upstream }: Place): Promise<readonly string[]> {
  const text = await snippet('nginx/fairway.conf')
  const own = text
    .replaceAll(/(?<=listen .*)\b80\b/g, String(http))
    .replaceAll(/(?<=listen .*)\b443\b/g, String(https))
    .replace(/(?<=ssl_certificate ).*(?=;)/, join(folder, 'certificate.pem'))
    .replace(/(?<=ssl_certificate_key ).*(?=;)/, join(folder, 'key.pem'))
    .replaceAll('127.0.0.1:8000', `127.0.0.1:${upstream}`)
  await writeFile(join(folder, 'fairway.conf'), own)
  await writeFile(join(folder, 'nginx.conf'), nginxAround)
  return ['-p', folder, '-e', 'stderr', '-c', 'nginx.conf', '-g', 'daemon off;']
}

/** What Debian's nginx.conf has around a file in conf.d, with everything that is written kept in the folder. */
const nginxAround = `
user root;
pid nginx.pid;
events {}
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include fairway.conf;
}
`

/** A file of docs/, as docs/reverse-proxy.md shows it. */
function snippet(path: string): Promise<string> {
  return readFile(new URL(`../../../../docs/${path}`, import.meta.url), 'utf8')
}

async function makeCertificate(folder: string): Promise<void> {
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')]
  const names = ['-subj', `/CN=${domain}`, '-addext', `subjectAltName=DNS:${domain}`]
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  await run('openssl', ['req', '-x509', '-days', '2', ...key, ...names, ...files])
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function answers(port: number): Promise<void> {
  for (const until = performance.now() + 30_000; performance.now() < until;) {
    if (await accepts(port)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`Nothing listens on port ${port} after 30 s`)
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
