// The Google GenAI SDK with the text on stdin: an answer, a streamed one, an upload
// (resumable, as the SDK always does it) or a live session.
import { GoogleGenAI, Modality } from "@google/genai";
import { giveUp, print, proxyEverything } from "./proxied.mjs";
import { prompt } from "./setup.mjs";

proxyEverything();
const ai = new GoogleGenAI({ apiKey: "AIza-not-a-key" });
const request = { model: "gemini-2.5-flash", contents: prompt };
const result = { text: "", closed: null, error: null };
giveUp(result);

const modes = {
  async plain() {
    result.text = (await ai.models.generateContent(request)).text;
  },
  async stream() {
    for await (const chunk of await ai.models.generateContentStream(request)) result.text += chunk.text;
  },
  async upload() {
    const file = await ai.files.upload({ file: new Blob([prompt], { type: "text/csv" }), config: { displayName: "customers.csv" } });
    result.text = `${file.name} ${file.sizeBytes}`;
  },
  async live() {
    let take, ended;
    const taken = new Promise((resolve) => (take = resolve)), closed = new Promise((resolve) => (ended = resolve));
    const session = await ai.live.connect({
      model: "gemini-live-2.5-flash-preview",
      config: { responseModalities: [Modality.TEXT] },
      callbacks: {
        onmessage(message) {
          result.text += message.text ?? "";
          if (message.serverContent?.turnComplete) take();
        },
        onclose(event) {
          result.closed = { code: event.code, reason: event.reason };
          ended();
        },
      },
    });
    session.sendClientContent({ turns: [{ role: "user", parts: [{ text: prompt }] }], turnComplete: true });
    await Promise.race([taken, closed]);
    session.close();
    await closed;
  },
};

try {
  await modes[process.argv[2]]();
} catch (error) {
  result.error = { name: error.name, status: error.status, message: error.message };
}
print(result);
