import { describeMatrix } from './matrix.ts'
import { shapes } from './shapes.ts'

describeMatrix(shapes.filter(({ settles }) => settles))
