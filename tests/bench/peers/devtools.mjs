// Opens a snapshot with DevTools' own code, without its screen: parsing, distances, dominators, retained sizes, classes.
// `node devtools.mjs PACKAGES FILE`; PACKAGES is where `chrome-devtools-frontend` and `esbuild` are installed.
import {createReadStream, existsSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {MessageChannel, Worker, isMainThread, workerData} from 'node:worker_threads';
import {fileURLToPath, pathToFileURL} from 'node:url';

// Node 20 lacks it.
Promise.withResolvers ??= () => {
  let resolve, reject;
  const promise = new Promise((yes, no) => [resolve, reject] = [yes, no]);
  return {promise, resolve, reject};
};

const packages = isMainThread ? path.resolve(process.argv[2]) : workerData.packages;
const bundle = path.join(packages, 'devtools-heap.mjs');
if (!existsSync(bundle)) {
  await makeBundle();
}
const {Loader, Model, Second} = await import(pathToFileURL(bundle));
if (isMainThread) {
  await open(process.argv[3]);
} else {
  new Second(workerData.port);
}

async function open(file) {
  const {port1, port2} = new MessageChannel();
  const worker = new Worker(fileURLToPath(import.meta.url), {
    workerData: {packages, port: port2},
    transferList: [port2],
    resourceLimits: {maxOldGenerationSizeMb: 32000},
  });
  const loader = new Loader({sendEvent() {}});
  for await (const part of createReadStream(file, {encoding: 'utf8', highWaterMark: 1e7})) {
    loader.write(part);
  }
  loader.close();
  await loader.parsingComplete;
  const snapshot = await loader.buildSnapshot(port1);
  const classes = Object.keys(snapshot.aggregatesWithFilter(new Model.NodeFilter()));
  console.log(`${classes.length} classes, ${snapshot.totalSize} bytes`);
  port1.close();
  await worker.terminate();
}

// The front end is TypeScript for browsers; three of its modules bring the whole user interface, for a name or two.
async function makeBundle() {
  const {build} = createRequire(path.join(packages, 'x.js'))('esbuild');
  const frontEnd = path.join(packages, 'node_modules/chrome-devtools-frontend/front_end');
  const source = name => JSON.stringify(path.join(frontEnd, name));
  const model = 'models/heap_snapshot_model/HeapSnapshotModel.ts';
  const newModel = 'models/heap_snapshot/HeapSnapshotModel.ts';
  const whole = source(existsSync(path.join(frontEnd, newModel)) ? newModel : model);
  const short = {
    'core/i18n/i18n': 'export const i18n = {serializeUIString: text => text};',
    'core/text_utils/text_utils': `export * as TextUtils from ${source('core/text_utils/TextUtils.ts')};`,
    'models/heap_snapshot/heap_snapshot': `export * as HeapSnapshotModel from ${whole};`,
    'models/heap_snapshot_model/heap_snapshot_model': `export * as HeapSnapshotModel from ${whole};`,
  };
  const plugin = {
    name: 'front-end',
    setup(build) {
      build.onResolve({filter: /^\.\.?\/.*\.js$/}, ({path: file, resolveDir}) => {
        const bare = path.resolve(resolveDir, file).slice(0, -3);
        const key = path.relative(frontEnd, bare).replaceAll(path.sep, '/');
        return key in short ? {path: key, namespace: 'short'} :
            existsSync(`${bare}.ts`) ? {path: `${bare}.ts`, sideEffects: false} : undefined;
      });
      build.onLoad({filter: /./, namespace: 'short'}, ({path: key}) => (
        {contents: short[key], loader: 'ts', resolveDir: frontEnd}));
    },
  };
  await build({
    stdin: {
      contents: `
        export {SecondaryInitManager as Second} from ${source('entrypoints/heap_snapshot_worker/HeapSnapshot.ts')};
        export {HeapSnapshotLoader as Loader} from
          ${source('entrypoints/heap_snapshot_worker/HeapSnapshotLoader.ts')};
        export * as Model from ${whole};`,
      resolveDir: packages,
      loader: 'ts',
    },
    bundle: true, format: 'esm', platform: 'node', outfile: bundle, plugins: [plugin], logLevel: 'warning',
  });
}
