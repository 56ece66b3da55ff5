import { takeLock } from "../../src/run/lock.js";

/**
 * A process of its own that contends for a lock: prints `held`, or the error's code, and then waits to be killed. With
 * `go` as its third argument it begins only once it reads a line, so that several begin at once.
 */
const [path = "", mode = ""] = process.argv.slice(2);
if (mode === "go") {
  console.log("ready");
  await new Promise((resolve) => process.stdin.once("data", resolve));
}
try {
  await takeLock(path, `contend ${process.pid}`, new Date());
  console.log("held");
} catch (error) {
  console.log((error as { code?: string }).code ?? String(error));
}
setInterval(() => undefined, 1000);
