#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { cacheFolder } from '../bundle/cache-folder.js'

// Never fails: what can't be kept is compiled anew by each start.
const folder = cacheFolder(process.env)
if (folder !== undefined) enableCompileCache(folder)
await import('../bundle/fairway.js')
