import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { awaitAllCallbacks } from "@langchain/core/callbacks/promises";
import { ChatOpenAI } from "@langchain/openai";
import { Client } from "langsmith";
import { traceable } from "langsmith/traceable";
import { wrapOpenAI } from "langsmith/wrappers";
import OpenAI from "openai";

const client = new Client();
const openai = wrapOpenAI(new OpenAI({ maxRetries: 0 }), { client });
const measure = traceable(async (city) => `18 °C in ${city}`, { name: "measure", run_type: "tool", client });
const agent = traceable(async (question) => {
  await measure("Köln");
  const answer = await openai.chat.completions.create({ model: "gpt-5-mini", messages: [{ role: "user", content: question }], temperature: 0.3 });
  return answer.choices[0].message.content;
}, { name: "WeatherAgent", metadata: { user_id: "müller", session_id: "chat-1" }, tags: ["wetter"], client });
console.log(await agent("Wie ist das Wetter?"));
await openai.chat.completions.create({ model: "busy", messages: [{ role: "user", content: "?" }] }).catch((error) => console.log(error.status));

// LangChain traces by the environment alone.
const model = new ChatOpenAI({ model: "gpt-5-mini", maxRetries: 0 });
const chain = ChatPromptTemplate.fromMessages([["system", "Poète"], ["user", "{topic}"]]).pipe(model).pipe(new StringOutputParser());
await chain.invoke({ topic: "la mer" }, { runName: "poem", tags: ["lc"] });
await awaitAllCallbacks();
await client.awaitPendingTraceBatches();
