import Anthropic from "@anthropic-ai/sdk";
import { fetchOptions, prompt, report, streaming } from "./setup.mjs";

const client = new Anthropic({ apiKey: "sk-ant-not-a-key", maxRetries: 0, fetchOptions });
const request = { model: "claude-sonnet-4-5", max_tokens: 200, messages: [{ role: "user", content: prompt }] };

await report(async (take) => {
  if (!streaming) {
    const answer = await client.messages.create(request);
    take(answer.content[0].text);
    return;
  }
  for await (const event of await client.messages.create({ ...request, stream: true })) {
    if (event.type === "content_block_delta") take(event.delta.text);
  }
});
