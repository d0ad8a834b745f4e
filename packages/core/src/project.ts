import { parse } from 'dotenv'
import { isAbsolute, join } from 'node:path'
import { projectCandidates, selectProject } from './decisions/select-project.ts'
import type { App } from './domain/app.ts'
import type { Project } from './domain/project.ts'
import type { Files } from './executors/files.ts'

/** The Compose project of an app as its checkout is now: its `.env` decides on files and colour. */
export async function readProject(app: App, files: Files): Promise<Project> {
  const at = (file: string): string => (isAbsolute(file) ? file : join(app.path, file))
  const candidates = projectCandidates(app)
  const found = await Promise.all(candidates.map((file) => files.exists(at(file))))
  const existing = new Set(candidates.filter((_, index) => found[index]))
  const env = parse((await files.read(at('.env'))) ?? '')
  return selectProject(app, env, (file) => existing.has(file))
}
