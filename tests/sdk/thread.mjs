import lunary from "lunary";
import { flushed } from "./flushed.mjs";

const thread = lunary.openThread({ id: "support-42", userId: "user-7", userProps: { name: "Renée" }, tags: ["support"] });

const question = thread.trackMessage({ role: "user", content: "Où est ma facture ?" });
const backend = lunary.wrapAgent(async (text) => `Voilà: ${text}`, { name: "lookup" });
await backend("facture").setParent(question);
thread.trackMessage({ id: "answer-1", role: "assistant", content: "Je ne sais pas." });
thread.trackMessage({ id: "answer-2", role: "assistant", content: "La voici 📄", isRetry: true, extra: { lang: "fr" } });
thread.trackMessage({ id: "thanks", role: "user", content: "Merci !", tags: ["polite"], feedback: { thumb: "up" } });
thread.trackEvent("escalated", { to: "human" });

await flushed();
lunary.trackFeedback("answer-2", { thumb: "up" });
lunary.trackFeedback("answer-2", { comment: "parfait ✔" });
await flushed();
console.log(JSON.stringify(await lunary.getFeedback("answer-2")));
