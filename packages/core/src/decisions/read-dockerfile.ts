import { dockerfileInstructions, type Instruction } from './dockerfile-instructions.ts'
import { substitute } from './dockerfile-variables.ts'

/** What a Dockerfile takes from elsewhere than its context. */
export interface DockerfileUse {
  /** Names of images and of additional contexts, as they stand there with their variables filled in; no stages of its own. */
  readonly images: readonly string[]
  /** Names that only the build can fill in: `app:${TARGETARCH}`. */
  readonly unresolved: readonly string[]
  /** It reads the `.git` of its context, which differs with each commit. */
  readonly usesGit: boolean
}

/** Reads FROM, `COPY --from` and `RUN --mount=from=`; `args` are the build's own, which win over defaults. */
export function readDockerfile(text: string, args: Readonly<Record<string, string>>): DockerfileUse {
  const instructions = dockerfileInstructions(text)
  const variables = new Map<string, string>()
  const stages = new Set<string>()
  const images = new Set<string>()
  const unresolved = new Set<string>()
  let count = 0
  const use = (name: string, mayBeNumber = false): void => {
    // A stage has variables of its own.
    const filled = mayBeNumber && name.includes('$') ? undefined : substitute(name, variables)
    if (filled === undefined || filled === '') unresolved.add(name)
    else if (
      !stages.has(filled.toLowerCase()) &&
      !(mayBeNumber && /^\d+$/.test(filled)) &&
      filled !== 'scratch'
    ) {
      images.add(filled)
    }
  }
  for (const { name, rest } of instructions) {
    if (name === 'FROM') {
      const [image = '', as = '', stage] = rest.split(/\s+/).filter((word) => !word.startsWith('--'))
      use(image)
      count += 1
      if (as.toUpperCase() === 'AS' && stage !== undefined) stages.add(stage.toLowerCase())
    }
    // Before the first FROM: only these count there.
    if (name === 'ARG' && count === 0) declare(rest, args, variables)
    if (count > 0) for (const source of sourcesOf({ name, rest })) use(source, true)
  }
  return {
    images: [...images],
    unresolved: [...unresolved],
    usesGit: instructions.some(({ name, rest }) => /^(ADD|COPY|RUN|ONBUILD)$/.test(name) && namesGit(rest)),
  }
}

/** `ARG NAME`, `ARG NAME=default`, or several. */
function declare(rest: string, args: Readonly<Record<string, string>>, variables: Map<string, string>): void {
  for (const [, name = '', value] of rest.matchAll(/([A-Za-z_]\w*)(?:=("[^"]*"|'[^']*'|\S*))?(?:\s+|$)/g)) {
    const given = Object.hasOwn(args, name) ? args[name] : undefined
    const known = given ?? (value === undefined ? undefined : substitute(unquote(value), variables))
    if (known === undefined) variables.delete(name)
    else variables.set(name, known)
  }
}

function unquote(value: string): string {
  return value.replace(/^(["'])(.*)\1$/s, '$2')
}

function sourcesOf({ name, rest }: Instruction): readonly string[] {
  const instruction = name === 'ONBUILD' ? rest.replace(/^\s*/, '') : `${name} ${rest}`
  if (/^(?:COPY|ADD)\s/i.test(instruction)) {
    return [...instruction.matchAll(/\s--from=(\S+)/g)].map(([, from = '']) => unquote(from))
  }
  if (!/^RUN\s/i.test(instruction)) return []
  const mounts = [...instruction.matchAll(/\s--mount=(\S+)/g)].map(([, mount = '']) => mount)
  return mounts.flatMap((mount) =>
    [...mount.matchAll(/(?:^|,)"?from=([^,"]+)/g)].map(([, from = '']) => from),
  )
}

function namesGit(rest: string): boolean {
  return /(?:^|[\s=,"'/])\.git(?:$|[\s,"'/])/.test(rest)
}
