import { z } from 'zod'
import { configSchema } from './schema.ts'

/** The keys of fairway.yaml as JSON Schema, draft 7, for editors: `# yaml-language-server: $schema=FILE`. */
export function configJsonSchema(): object {
  return { ...z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' }), title: 'fairway.yaml' }
}
