package main

const discoveryIntroduction = `# Discovery of AI services that are on no list

Written by ` + "`make accuracy`" + ` (` + "`go run ./cmd/daylight-accuracy discovery`" + `); do not edit.

A request to a host of no list is judged by what it looks like: its path and header, the names in the first kilobytes of its body, the answer and
the rhythm in which that comes. Each sign has points, and of each group of signs the strongest counts. From 60 points an exchange is called AI, from
40 suspected; both stand in events as ` + "`suspected`" + `, with the confidence and the signs as evidence:

| confidence | |
|---|---|
| high | 60 points or more, with a telling sign |
| medium | 60 points or more of weak signs, or suspected by a telling one |
| low | suspected by weak signs alone, or a tunnel that is not opened |

Up to three exchanges of a host are judged together. Telling signs add up; weak ones count only where they come together in one exchange: a host may
well have a search, a chat and a report that streams. What looks like telemetry, push, a sign-in, shared editing or a host known for mail and messages
loses points. Signs and points are data: [weights.yaml](../rules/discovery/weights.yaml).

## How well it does

The shapes are those of [testdata/discovery](../testdata/discovery), written from what vendors document and clients show. They are played under
made-up hosts and paths, with values, lengths and times from a seed, so that the path and the name of a service never help. The shapes that
the points were set on are the ones that are measured: on others it does worse (see the next section). Recordings of real traffic would tell more.

`

const discoveryLater = `## Shapes that the points were not set on

Written down afterwards, in testdata/discovery/later. No points were changed for them, but one rule was added because of an ordinary one that came near:
messages of a WebSocket that come unasked are no answer. Of model APIs and servers, most of which are unlike the usual ones,
%d of %d are found, of web apps %d of %d; of the ordinary exchanges %d of %d (%d kinds) are taken for more.

`

const discoveryShapes = `"Request alone" is what is known before anything was answered; "found" is AI or suspected within three exchanges; "bare" is found without any header
or key of the vendor. The score is the median, the signs are those of the first play.

`

const discoveryOrdinary = `Members are added to their bodies, names rewritten and bodies cut. They keep their own paths, and have the hosts of known services only where the shape
is that of one service.

`

const discoverySigns = `What is not found has none of them: a bare text that is answered by one document (translation, rewriting, tools whose keys are single letters), protocol
buffers, and web apps whose answers come over another connection. Such services belong into the catalogue.

`
