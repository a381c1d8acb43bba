import Anthropic from "@anthropic-ai/sdk";
import lunary from "lunary";
import { monitorAnthropic } from "lunary/anthropic";

const anthropic = monitorAnthropic(new Anthropic({ maxRetries: 0 }));
await anthropic.messages.create({
  model: "claude-fake",
  max_tokens: 200,
  system: "Réponds brièvement.",
  messages: [{ role: "user", content: "Quel temps fait-il à Köln ?" }],
  userId: "zoë",
  tags: ["météo"],
});
await lunary.flush();
