// Shared by the client scripts: the way through the proxy, and one JSON answer.
import { readFileSync } from "node:fs";
import { ProxyAgent } from "undici";

export const prompt = readFileSync(0, "utf8");
export const streaming = process.argv[2] === "stream";

export const fetchOptions = {
  dispatcher: new ProxyAgent({ uri: process.env.DAYLIGHT_PROXY, requestTls: { ca: readFileSync(process.env.DAYLIGHT_CA) } }),
};

// report prints what a program that uses the SDK gets to see.
export async function report(call) {
  const arrivals = [];
  let text = "";
  try {
    await call((piece) => {
      text += piece;
      arrivals.push(performance.now());
    });
    console.log(JSON.stringify({ text, arrivals }));
  } catch (error) {
    console.log(JSON.stringify({ text, arrivals, error: { name: error.constructor.name, status: error.status, message: error.message } }));
  }
  process.exit(0);
}
