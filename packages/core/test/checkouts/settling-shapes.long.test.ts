import { describeMatrix } from './describe-matrix.ts'
import { settlingShapes } from './settling-shapes.ts'

describeMatrix(settlingShapes, { once: true })
