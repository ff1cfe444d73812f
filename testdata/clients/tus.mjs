// An upload by tus-js-client of the text on stdin in pieces: argv has the endpoint,
// the size of a piece and the file's name.
import { DefaultHttpStack, Upload } from "tus-js-client";
import { agent, giveUp, print } from "./proxied.mjs";
import { prompt } from "./setup.mjs";

const [endpoint, chunkSize, filename] = process.argv.slice(2);
const result = { sent: 0, url: "", error: null };
giveUp(result);

const upload = new Upload(Buffer.from(prompt), {
  endpoint,
  chunkSize: Number(chunkSize),
  metadata: { filename, filetype: "text/csv" },
  httpStack: new DefaultHttpStack({ agent }),
  retryDelays: [50, 100, 200],
  onChunkComplete: (size, accepted) => (result.sent = accepted),
  onSuccess: () => print({ ...result, url: upload.url }),
  onError: (error) =>
    print({ ...result, url: upload.url ?? "", error: { status: error.originalResponse?.getStatus() ?? 0, body: error.originalResponse?.getBody() ?? "", message: error.message } }),
});
upload.start();
