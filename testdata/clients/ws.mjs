// A WebSocket by ws that does what the steps on stdin say and prints what it met.
// A step sends a message or a fragment of one, pings, waits for as many messages
// or pongs, or closes.
import { once } from "node:events";
import { WebSocket } from "ws";
import { agent, giveUp, print } from "./proxied.mjs";
import { prompt } from "./setup.mjs";

const { url, options, steps } = JSON.parse(prompt);
const result = { messages: [], pongs: [], extensions: "", closed: null, error: "" };
giveUp(result);

const socket = new WebSocket(url, { agent, ...options });
socket.on("message", (data) => result.messages.push(data.length > 1000 ? `${data.length} bytes` : data.toString()));
socket.on("pong", (data) => result.pongs.push(data.toString()));
socket.on("error", (error) => (result.error = error.message));
socket.on("close", (code, reason) => {
  result.closed = { code, reason: reason.toString() };
  print(result);
});
await once(socket, "open");
result.extensions = socket.extensions;

const until = async (enough) => {
  while (!enough()) await new Promise((resolve) => setTimeout(resolve, 5));
};
for (const step of steps) {
  if (step.send !== undefined) socket.send(step.repeat ? step.send.repeat(step.repeat) : step.send, { fin: step.fin ?? true, binary: step.binary ?? false });
  if (step.ping !== undefined) socket.ping(step.ping);
  if (step.messages !== undefined) await until(() => result.messages.length >= step.messages);
  if (step.pongs !== undefined) await until(() => result.pongs.length >= step.pongs);
  if (step.close !== undefined) socket.close(step.close, step.reason);
}
