import lunary from "lunary";
import { monitorOpenAI } from "lunary/openai";
import OpenAI from "openai";

const openai = monitorOpenAI(new OpenAI({ maxRetries: 0 }));

const measure = lunary.wrapTool(async (city) => ({ city, celsius: 18 }), { name: "measure", tags: ["thermometer"] });
const broken = lunary.wrapTool(async (city) => {
  throw new Error(`Kein Sensor in ${city}`);
}, { name: "broken" });
const summarize = lunary.wrapChain(async function summarize(text) {
  const reply = await openai.chat.completions.create({ model: "gpt-5-mini", messages: [{ role: "user", content: text }] });
  return reply.choices[0].message.content;
});
const agent = lunary.wrapAgent(async function weatherAgent({ city }) {
  const { celsius } = await measure(city);
  await broken(city).catch((error) => console.log(error.message));
  return summarize(`${city}: ${celsius} °C`);
}, { name: "WeatherAgent", metadata: { tier: "pro" } });

console.log(await agent({ city: "Köln" }).identify("müller", { email: "müller@example.com" }));

// A tool on its own is no less a run.
await measure("Łódź");
await lunary.flush();
