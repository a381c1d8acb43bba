import lunary from "lunary";
import { monitorOpenAI } from "lunary/openai";
import OpenAI from "openai";

const openai = monitorOpenAI(new OpenAI({ maxRetries: 0 }));
const messages = [
  { role: "system", content: "Antworte knapp." },
  { role: "user", content: "Wie ist das Wetter in Köln? ☀️ 東京も" },
];

await openai.chat.completions.create({
  model: "gpt-5-mini",
  temperature: 0.3,
  messages,
  user: "zoë",
  userProps: { name: "Zoë Ångström", plan: "pro" },
  tags: ["chat", "größe"],
  metadata: { feature: "wetter" },
});

const stream = await openai.chat.completions.create({ model: "gpt-5-mini-stream", stream: true, messages, tags: ["stream"] });
let streamed = "";
for await (const chunk of stream) streamed += chunk.choices[0].delta.content ?? "";
console.log(streamed);

const tools = [{ type: "function", function: { name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } } }];
const asked = await openai.chat.completions.create({ model: "gpt-5-tools", messages, tools });
const call = asked.choices[0].message.tool_calls[0];
await openai.chat.completions.create({
  model: "gpt-5-tools",
  messages: [...messages, asked.choices[0].message, { role: "tool", tool_call_id: call.id, content: "18 °C" }],
  tools,
});

try {
  await openai.chat.completions.create({ model: "busy", messages });
} catch (error) {
  console.log(error.status);
}

await lunary.flush();
