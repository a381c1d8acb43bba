import lunary from "lunary";
import { flushed } from "./flushed.mjs";

const work = lunary.wrapChain(async (text) => text.toUpperCase(), { name: "shout" });
const run = work("ça va");
await run;
await flushed();

await lunary.score(run.runId, "accuracy", 0.9, "knapp daneben");
await lunary.score(run.runId, "verdict", "très bien");
await lunary.score(run.runId, "safe", true);
