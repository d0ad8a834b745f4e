import { DeployError } from '../../errors.ts'

/** A failed git command in plain words: what git said, without its prefixes. */
export function gitError(doing: string, stderr: string): DeployError {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const said = lines.find((line) => /^(fatal|error): /.test(line)) ?? lines.at(-1) ?? 'git gave no reason'
  return new DeployError(
    isMissing(stderr) ? 'ref_not_found' : 'git_failed',
    `${doing}: ${said.replace(/^(fatal|error): /, '')}`,
    { output: lines.length > 1 ? lines.slice(-20) : [], hint: adviceFor(stderr) },
  )
}

function isMissing(stderr: string): boolean {
  return /couldn't find remote ref|not our ref/i.test(stderr)
}

function adviceFor(stderr: string): string {
  if (isMissing(stderr)) return 'Check that the branch is still there on the remote'
  const lock = /Unable to create '(.+\.lock)': File exists/.exec(stderr)?.[1]
  if (lock !== undefined) {
    return `Another git works there, or one that did was killed: once none runs, remove ${lock}`
  }
  const broken = /unable to resolve reference '(.+)': reference broken/.exec(stderr)?.[1]
  if (broken !== undefined) {
    return `The file of this ref is damaged, as after a power cut: remove ${broken} from the checkout's .git`
  }
  const old = /'refs\/(remotes\/origin|heads)\/(.+?)' exists; cannot create/.exec(stderr)
  if (old?.[2] !== undefined) {
    return old[1] === 'heads'
      ? `A branch can't lie below another one: rename the old one there with git branch --move ${old[2]} ${old[2]}-old`
      : 'The remote has no such branch any more: run git remote prune origin there'
  }
  return 'Run the same git command there by hand to see more'
}
