import { WebSocket } from "undici";
import { fetchOptions } from "./setup.mjs";

const socket = new WebSocket("wss://www.shop.test/socket", { dispatcher: fetchOptions.dispatcher });
socket.onopen = () => socket.send("guten tag");
socket.onmessage = (message) => {
  console.log(message.data);
  socket.close(1000);
};
socket.onclose = () => process.exit(0);
socket.onerror = () => process.exit(1);
setTimeout(() => process.exit(2), 110_000);
