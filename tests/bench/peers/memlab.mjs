// Opens a snapshot with memlab's library, dominators and retained sizes included. `node memlab.mjs PACKAGES FILE`.
import {createRequire} from 'node:module';
import path from 'node:path';

const [packages, file] = process.argv.slice(2);
const {getFullHeapFromFile} = createRequire(path.join(path.resolve(packages), 'x.js'))('@memlab/heap-analysis');
const heap = await getFullHeapFromFile(path.resolve(file));
let retained = 0;
heap.nodes.forEach(node => {
  retained = Math.max(retained, node.retainedSize);
});
console.log(`${heap.nodes.length} nodes, ${retained} bytes`);
process.exit(0);
