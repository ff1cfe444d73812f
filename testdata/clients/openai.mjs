import OpenAI from "openai";
import { fetchOptions, prompt, report, streaming } from "./setup.mjs";

const client = new OpenAI({ apiKey: "sk-proj-not-a-key", maxRetries: 0, fetchOptions });
const request = { model: "gpt-5", messages: [{ role: "user", content: prompt }] };

await report(async (take) => {
  if (!streaming) {
    const answer = await client.chat.completions.create(request);
    take(answer.choices[0].message.content);
    return;
  }
  for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) {
    take(chunk.choices[0]?.delta?.content ?? "");
  }
});
