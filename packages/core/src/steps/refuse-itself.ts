import { keepsAll } from '../decisions/keeps-all.ts'
import { isAbsolute, relative, sep } from 'node:path'
import type { App } from '../domain/app.ts'
import type { Container } from '../domain/container.ts'
import type { Plan } from '../domain/plan.ts'
import type { Project } from '../domain/project.ts'
import { DeployError } from '../errors.ts'
import { dockerEngine } from '../executors/docker-engine.ts'
import type { Engine } from '../executors/engine.ts'
import type { Files } from '../executors/files.ts'
import type { Git } from '../executors/git.ts'
import { nodeFiles } from '../executors/node-files.ts'
import { simpleGit } from '../executors/simple-git.ts'
import { ownContainerId } from '../project/own-container-id.ts'
import { step, type Step } from '../step.ts'
import { cleanText } from '../text.ts'

/** Fails with `deploys_itself` where the plan touches the container that this process runs in: it would be ended in the middle. */
export function refuseItself({
  engine = dockerEngine(),
  files = nodeFiles(),
}: { readonly engine?: Engine; readonly files?: Files } = {}): Step<{
  app: App
  project: Project
  plan: Plan
}> {
  return step('refuseItself', async ({ app, project, plan }, run) => {
    if (keepsAll(plan)) return
    const own = await ownContainerId(files)
    if (own === undefined) return
    const found = touchesOwn(own, plan, await engine.containers(project.name, run))
    if (!found) return
    const { service, name } = found
    throw new DeployError(
      'deploys_itself',
      `Cannot deploy ${app.name}: its service ${cleanText(service)} is Fairway's own container ${cleanText(name)}, which would be ended in the middle of this deployment`,
      {
        hint: `Nothing was touched. Update it from outside: docker compose -p ${project.name} up -d --build ${cleanText(service)}, in the checkout; or give Fairway a project of its own that no app has`,
      },
    )
  })
}

/** Fails with `deploys_itself` where the pull would replace the program that this process was started from; belongs before `gitPull`. */
export function refuseOwnCheckout({
  entry,
  git = simpleGit(),
  files = nodeFiles(),
}: {
  /** The file that this process was started with, `process.argv[1]`. */
  readonly entry: string | undefined
  readonly git?: Git
  readonly files?: Files
}): Step<{ app: App }> {
  return step('refuseOwnCheckout', async ({ app }, run) => {
    if (entry === undefined || !isAbsolute(entry)) return
    const [root, program] = await Promise.all([files.realPath(app.path), files.realPath(entry)])
    const inside = relative(root, program)
    if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return
    // What was installed or built into the checkout stays as it is when the tree moves.
    if (!(await git.isTracked(app.path, inside, run))) return
    throw new DeployError(
      'deploys_itself',
      `Cannot deploy ${app.name}: Fairway itself runs from its checkout (${cleanText(inside)}), which would be replaced under it`,
      {
        hint: 'Nothing was touched. Run Fairway from a folder of its own, such as npm install --global @fairway/cli; or pull there by hand and restart it',
      },
    )
  })
}

function touchesOwn(
  own: string,
  { services }: Plan,
  containers: readonly Container[],
): Container | undefined {
  const touched = new Set(services.filter(({ action }) => action !== 'keep').map(({ service }) => service))
  return containers.find(({ id, service }) => id === own && touched.has(service))
}
