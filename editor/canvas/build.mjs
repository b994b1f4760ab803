// Bundles the canvas into assets/: one module for Panel's ReactComponent and one style sheet for its shadow root.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const HERE = dirname(fileURLToPath(import.meta.url));
const ASSETS = join(HERE, '..', '..', 'assets');

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

// tests/canvas/test_bundle.py computes the same over the same files.
function sourcesHash() {
  const hash = createHash('sha256');
  const names = ['build.mjs', 'package.json', 'package-lock.json', ...files(join(HERE, 'src'))
    .map((path) => relative(HERE, path).replaceAll('\\', '/'))].sort();
  for (const name of names) hash.update(`${name}\0`).update(readFileSync(join(HERE, name))).update('\0');
  return hash.digest('hex');
}

// React Flow's defaults name colours; ours all come from theme.css, so its literals become the text colour.
const withoutColours = {
  name: 'without-colours',
  setup(build) {
    build.onLoad({ filter: /xyflow.*\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/#[0-9a-fA-F]{3,8}\b|rgba?\([^)]*\)/g, 'currentColor'),
      loader: 'css',
    }));
  },
};

const options = { bundle: true, minify: true, legalComments: 'none', absWorkingDir: HERE, write: false };
const [script, style] = await Promise.all([
  esbuild.build({
    ...options,
    entryPoints: ['src/index.js'],
    format: 'esm',
    jsx: 'automatic',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
  }),
  esbuild.build({ ...options, entryPoints: ['src/css/canvas.css'], target: 'es2022', plugins: [withoutColours] }),
]);

const hash = sourcesHash();
const text = (result) => result.outputFiles[0].text;
const out = process.argv[2] ?? ASSETS;
writeFileSync(join(out, 'canvas.bundle.js'), `// sources ${hash}\n${text(script)}`);
writeFileSync(join(out, 'canvas.css'), `/* sources ${hash} */\n${text(style)}`);
console.log(`canvas.bundle.js ${Math.round(text(script).length / 1024)} KB, canvas.css ${Math.round(text(style).length / 1024)} KB`);
