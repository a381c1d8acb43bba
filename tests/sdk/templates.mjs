import lunary from "lunary";
import { monitorOpenAI } from "lunary/openai";
import OpenAI from "openai";

const openai = monitorOpenAI(new OpenAI({ maxRetries: 0 }));
const weather = await lunary.renderTemplate("meteo", { nom: "Zoë", question: "Pluie ☔ ?" });
console.log(JSON.stringify(weather));
console.log(JSON.stringify(await lunary.renderTemplate("salut", { name: "Ada", company: "Lovelace & Co" })));
try {
  await lunary.renderTemplate("absent", {});
} catch (error) {
  console.log(JSON.parse(error.message.slice(error.message.indexOf("{"))).message);
}

await openai.chat.completions.create(weather);
await lunary.flush();
