import type { Tables } from '../tables.ts'
import { deliveryTable } from './delivery-table.ts'
import { deploymentTable, type TableOptions } from './deployment-table.ts'
import { keepTable } from './keep-table.ts'

/** Tables in a SQLite database of the newest schema. */
export function sqliteTables(options: TableOptions): Tables {
  return { ...deploymentTable(options), ...deliveryTable(options), ...keepTable(options.database) }
}
