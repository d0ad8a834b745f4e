import { describeMatrix } from './describe-matrix.ts'
import { lastingShapes } from './lasting-shapes.ts'

describeMatrix(lastingShapes, { once: false })
