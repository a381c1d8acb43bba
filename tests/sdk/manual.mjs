import lunary from "lunary";

lunary.trackEvent("llm", "start", {
  runId: "8c9f1f3e-45a1-4f0e-9d1c-0c8f6d0e7a11",
  name: "llama-3",
  input: [{ role: "user", content: "naïve" }],
  params: { temperature: 0.5 },
  userId: "user-8",
  tags: ["manual"],
  metadata: { nested: { a: [1, null] } },
});
lunary.trackEvent("llm", "end", {
  runId: "8c9f1f3e-45a1-4f0e-9d1c-0c8f6d0e7a11",
  output: { role: "assistant", content: "«oui»" },
  tokensUsage: { prompt: 5, completion: 6, promptCached: 2 },
});
lunary.trackEvent("retriever", "start", { runId: "not-a-uuid", name: "vector-search", input: "query" });
lunary.trackEvent("retriever", "end", { runId: "not-a-uuid", output: [{ id: "1", title: "Doc 1" }] });
lunary.info("Suche läuft", { step: 1 });
lunary.warn("Kein Treffer");
lunary.error("Abgebrochen", new Error("Zeit um"));
await lunary.flush();
