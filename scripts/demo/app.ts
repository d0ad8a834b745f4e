/** The files of the demo's app: two services, both images made of nothing but busybox. */
export function demoApp(greeting: string): Readonly<Record<string, string>> {
  return {
    'docker-compose.prod.yml': composeFile,
    'web/Dockerfile': dockerfile,
    'web/index.html': `<h1>${greeting}</h1>\n`,
    'api/Dockerfile': dockerfile,
    'api/index.html': '{"status":"fine"}\n',
    'README.md': 'A page and an API.\n',
  }
}

const dockerfile = `FROM local/busybox:latest
COPY index.html /www/index.html
CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]
`

const composeFile = `services:
  web:
    build: ./web
    init: true
    ports: ["127.0.0.1:\${WEB_PORT}:8080"]
    healthcheck: &up
      test: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/"]
      interval: 1s
      retries: 20
  api:
    build: ./api
    init: true
    healthcheck: *up
`
