import { main } from "./child.js";

await main();
