import { cp, mkdir } from "node:fs/promises";
import * as esbuild from "esbuild";

const options = {
  entryPoints: ["src/main.js"],
  bundle: true,
  minify: true,
  sourcemap: true,
  outdir: "dist/assets",
};

await mkdir("dist", { recursive: true });
await cp("public", "dist", { recursive: true });
await cp("node_modules/@gouvfr/dsfr/dist", "dist/dsfr", { recursive: true });

if (process.argv.includes("--watch")) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  await esbuild.build(options);
}
