// The way through the proxy for clients that know of none. NODE_EXTRA_CA_CERTS has its root.
import https from "node:https";
import { HttpsProxyAgent } from "https-proxy-agent";
import { ProxyAgent, setGlobalDispatcher } from "undici";

export const agent = new HttpsProxyAgent(process.env.DAYLIGHT_PROXY);

// proxyEverything sends fetch, and every WebSocket that ws opens, through the proxy.
export function proxyEverything() {
  setGlobalDispatcher(new ProxyAgent(process.env.DAYLIGHT_PROXY));
  const request = https.request;
  https.request = (options, ...rest) => request({ ...options, agent, createConnection: undefined }, ...rest);
}

// print ends a script with its result, once.
export function print(result) {
  process.stdout.write(JSON.stringify(result) + "\n", () => process.exit(0));
}

// giveUp ends a script that waits in vain, and says how far it came.
export function giveUp(result) {
  setTimeout(() => print({ ...result, gaveUp: true }), 110_000).unref();
}
