// Bundles the islands and copies the pinned libraries into wwwroot. The results are committed, so that running the
// server needs no Node.js; with --check nothing is written and stale files fail the run.
import { readFile, writeFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const check = process.argv.includes("--check");
const outputs = new Map();

const bundle = await build({
  absWorkingDir: root,
  entryPoints: { app: "Islands/app.ts", trace: "Islands/trace/trace-view.ts" },
  outdir: "wwwroot/js",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome123", "firefox120", "safari17.5"],
  legalComments: "none",
  write: false,
});
for (const file of bundle.outputFiles) outputs.set(file.path, file.text);

for (const [from, to] of [
  ["node_modules/htmx.org/dist/htmx.min.js", "wwwroot/lib/htmx.min.js"],
  ["node_modules/idiomorph/dist/idiomorph-ext.min.js", "wwwroot/lib/idiomorph-ext.min.js"],
]) outputs.set(join(root, to), await readFile(join(root, from), "utf8"));

const stale = [];
for (const [path, text] of outputs) {
  const current = await readFile(path, "utf8").catch(() => null);
  if (current === text) continue;
  stale.push(path);
  if (!check) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}

if (check && stale.length > 0) {
  console.error(`Stale, run "npm run build" and commit:\n${stale.join("\n")}`);
  process.exit(1);
}
console.log(check ? "Built files are fresh." : `Wrote ${stale.length} file(s).`);
