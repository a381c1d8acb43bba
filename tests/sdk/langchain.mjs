import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { ChatOpenAI } from "@langchain/openai";
import lunary from "lunary";
import { LunaryHandler } from "lunary/langchain";

const model = new ChatOpenAI({ model: "gpt-5-mini", maxRetries: 0 });
const chain = ChatPromptTemplate.fromMessages([["system", "Poète"], ["user", "{topic}"]]).pipe(model).pipe(new StringOutputParser());
const config = { callbacks: [new LunaryHandler()], metadata: { userId: "user-9" }, tags: ["lc"] };
console.log(await chain.invoke({ topic: "la mer" }, config));
await lunary.flush();
