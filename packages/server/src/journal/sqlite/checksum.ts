import { crc32 } from 'node:zlib'

/** Over everything that a row says: SQLite itself doesn't notice a flipped byte of content. */
export function checksum(columns: readonly (string | number | null)[]): number {
  return crc32(JSON.stringify(columns))
}

/** Over the raw bytes of a delivery. */
export function bodyChecksum(body: Uint8Array): number {
  return crc32(body)
}
