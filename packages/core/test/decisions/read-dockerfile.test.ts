import { expect, test } from 'vitest'
import { readDockerfile } from '../../src/decisions/read-dockerfile.ts'

const imagesOf = (text: string, args: Readonly<Record<string, string>> = {}): readonly string[] =>
  readDockerfile(text, args).images

test('names the images of all stages, and no stage', () => {
  const text = `# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM golang:1.22 AS Build
RUN go build
FROM build AS test
FROM scratch
COPY --from=build /app /app
COPY --from=0 /etc/passwd /etc/passwd
COPY --chown=1:1 --from=shop-assets:latest /assets /assets
RUN --mount=type=bind,from=shop-tools,target=/tools --mount=from=Build,target=/b make
`
  expect(imagesOf(text)).toEqual(['golang:1.22', 'shop-assets:latest', 'shop-tools'])
})

test.for<readonly [string, Readonly<Record<string, string>>, readonly string[]]>([
  ['ARG TAG=1\nFROM app:$TAG', {}, ['app:1']],
  ['ARG TAG=1\nFROM app:${TAG}', { TAG: '2' }, ['app:2']],
  ['ARG TAG="1"\nFROM "app:${TAG}"', {}, ['app:1']],
  ['ARG A=1\nARG B=x$A\nFROM app:${B}', {}, ['app:x1']],
  ['ARG A=1 B=2\nFROM app:$A-$B', {}, ['app:1-2']],
  ['ARG TAG\nFROM app:${TAG:-9}', {}, ['app:9']],
  ['ARG TAG\nFROM app${TAG:+:$TAG}', { TAG: '' }, []],
  ['ARG TAG=\nFROM app:${TAG:-9}', {}, ['app:9']],
  ['ARG TAG=\nFROM app${TAG-9}', {}, ['app']],
  ['FROM app:${TAG:-9}', { TAG: '2' }, ['app:9']],
  ['from app as base\nfrom BASE', {}, ['app']],
  ['FROM \\\n  # a comment\n  app \\\n\n AS x', {}, ['app']],
  ['# escape=`\nFROM `\n app', {}, ['app']],
  ['\uFEFFFROM app\r\nFROM other\r\n', {}, ['app', 'other']],
  ['FROM a\nRUN <<EOF\nFROM b\nEOF\nFROM c', {}, ['a', 'c']],
  ['FROM a\nRUN <<-"EOF" cat\nFROM b\n\tEOF\nFROM c', {}, ['a', 'c']],
  ['FROM a\nONBUILD COPY --from=b /x /x', {}, ['a', 'b']],
  ['FROM a\nRUN echo --from=b', {}, ['a']],
  ['FROM 1', {}, ['1']],
])('%j with %j is made from %j', ([text, args, images]) => {
  expect(imagesOf(text, args)).toEqual(images)
})

test.for([
  'FROM app:$TARGETARCH',
  'ARG T\nFROM app:$T',
  'FROM a\nARG X=b\nRUN --mount=from=$X,target=/x true',
  'FROM app:${T/a/b}',
])('what only the build can fill in is told apart: %j', (text) => {
  expect(readDockerfile(text, {}).unresolved).toHaveLength(1)
})

test.for<readonly [string, boolean]>([
  ['FROM a\nCOPY . .', false],
  ['FROM a\nCOPY .gitignore web.git/ .github/ ./', false],
  ['FROM a\n# COPY .git .\nRUN ls', false],
  ['FROM a\nCOPY .git .git', true],
  ['FROM a\nADD ["./.git/HEAD", "/"]', true],
  ['FROM a\nRUN --mount=type=bind,source=.git,target=/g git -C /g describe', true],
])('whether %j uses .git: %j', ([text, uses]) => {
  expect(readDockerfile(text, {}).usesGit).toBe(uses)
})
