import { spawn } from 'node:child_process'
import { once } from 'node:events'
const mb = Number(process.argv[2])
const hold = mb ? Array.from({length: mb}, () => Buffer.alloc(1<<20, 1)) : 0
const heap = Number(process.argv[3] ?? 0)
const objs = []; for (let i=0;i<heap*10000;i++) objs.push({a:i,b:[i]})
const times=[]
for (let i=0;i<30;i++) { const t=performance.now(); const c=spawn('/bin/true',[],{stdio:['ignore','pipe','pipe'], detached: true, env: {}}); times.push(performance.now()-t); await once(c,'close') }
times.sort((a,b)=>a-b)
console.log('rss', (process.memoryUsage().rss/1e6).toFixed(0), 'spawn median', times[15].toFixed(2), 'min', times[0].toFixed(2), 'max', times[29].toFixed(1), hold.length, objs.length)
