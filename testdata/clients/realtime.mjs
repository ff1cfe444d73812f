// A session of OpenAI Realtime by the official SDK: each text on stdin becomes an
// item of the conversation, one after the other; then the model is asked.
import OpenAI from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import { agent, giveUp, print } from "./proxied.mjs";
import { prompt } from "./setup.mjs";

const texts = JSON.parse(prompt);
const result = { created: 0, errors: [], answer: "", closed: null };
giveUp(result);

const session = new OpenAIRealtimeWS({ model: "gpt-realtime", options: { agent } }, new OpenAI({ apiKey: "sk-proj-not-a-key" }));
let sent = 0;
const next = () => {
  if (sent === texts.length) {
    session.send({ type: "response.create", event_id: "ask" });
    return;
  }
  session.send({
    type: "conversation.item.create",
    event_id: `item-${sent}`,
    item: { type: "message", role: "user", content: [{ type: "input_text", text: texts[sent++] }] },
  });
};
session.on("session.created", next);
session.on("conversation.item.created", () => {
  result.created++;
  next();
});
session.on("error", (error) => {
  result.errors.push({ message: error.message, ...error.error });
  next();
});
session.on("response.output_text.delta", (event) => (result.answer += event.delta));
session.on("response.done", () => session.close());
session.socket.on("close", (code, reason) => {
  result.closed = { code, reason: reason.toString() };
  print(result);
});
