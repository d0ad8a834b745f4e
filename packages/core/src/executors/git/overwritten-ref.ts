/** Where what a deployment replaced is kept: `20260131T120000.000Z`, as a ref can't hold colons. */
export function overwrittenRef(time: Date): string {
  return `refs/fairway/overwritten/${time.toISOString().replaceAll(/[-:]/g, '')}`
}
