import { setTimeout } from "node:timers/promises";
import lunary from "lunary";

/** Resolves when everything tracked so far was answered by the server; flush() alone returns while a request is under way. */
export async function flushed() {
  do {
    await lunary.flush();
    await setTimeout(20);
  } while (lunary.queue.length > 0);
}
