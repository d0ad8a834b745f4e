import type { Tree } from '../../../../../scripts/lib/origin.ts'
import type { Content } from '../../faults/support/app.ts'
import { filesOf, type Version } from '../support/versions.ts'

/** Where `web` and `api` serve their pages. */
export type Ports = Readonly<Record<keyof Content, number>>

/** Files of a version of the app: `web`, which may be bad, beside `api` of another image and `worker` without one of its own. */
export function filesAt(ports: Ports, version: Version): Tree {
  const { page, web = '', services = '', files = {} } = version
  const at = web.includes('ports:') ? '' : `    ports: ["127.0.0.1:${ports.web}:8080"]\n`
  return filesOf({
    ...version,
    web: `${web}${at}`,
    services: `${services}  api:
    build: ./api
    init: true
    ports: ["127.0.0.1:${ports.api}:8080"]
  worker:
    image: local/busybox:latest
    init: true
    command: [sleep, "3600"]
    environment: { VERSION: "${page}" }
`,
    files: {
      'api/Dockerfile':
        'FROM local/busybox:latest\nCOPY . /www/\nCMD ["httpd", "-f", "-p", "8080", "-h", "/www"]\n',
      'api/index.html': `${page}\n`,
      ...files,
    },
  })
}
