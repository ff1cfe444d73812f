package main

// The prose of docs/accuracy.md.

const introduction = `# How right the classifier is

` + "`make accuracy`" + ` writes this file. Equal sources give an equal file: the texts are made from a seed, and nothing here
depends on the machine, the date or the time. A test measures a smaller part on every change and fails when anything
gets worse.

**Recall** is the share of planted values that are found. **Precision** is the share of findings that are right. **F1** is
their harmonic mean. Beside each figure stands its 95 % interval (Wilson's for shares, Garwood's exact one for rates):
the true figure *for texts made like these* lies there 19 times out of 20. A figure of 100 % from 400 values means: better
than 99 %, probably.

What the figures do not mean: the texts are made, by people who also know what a classifier looks for. Real pastes are
messier. The pages that were labelled by hand, further down, are the better guide to them, and there are far fewer.
Compare the figures with those of the last version, and read the limits at the end before comparing them with anyone
else's.

`

const cleanTexts = `## Texts in which nothing is to be found

Every finding in them is false.

`

const planted = `## Planted values

%s documents (%s) hold values of every kind that is planted, each at least %d times, in the ways in which people write
them. A finding is right when its detector is that of the value and their places overlap; in JSON and HTML, which are
read out of their notation, when the texts of both overlap.

`

const twins = `Some values have two right names: a Chinese mobile number is a phone number, a passport number without a country may be
that of several. To count the other name as a miss and a false finding would be wrong twice. A finding of another detector
counts as right in these cases, and in no others:

`

const handLabelled = `Texts as a marketing department pastes them, and texts that only look like customer data, written by hand
by people who had not seen the detectors (` + "`testdata/corpus/labelled`" + `). They say how many values of each kind a page holds, not
where, so a miss and a false finding of one kind on one page cancel each other out.

**These pages are a regression set now, no blind test.** When most of them were measured for the first time, 517 pages in
all, nobody had mended anything by them. That blind measure was: personal data precision 98.5 %, recall 87.2 %; payment
98.8 % and 87.0 %; company 100 % and 92.1 %; credentials 100 % and 97.5 %. What they showed has been mended since, as far as
it was wrong in general, so the figures below are better than those of texts that nobody has seen. Expect the blind
figures of a text of your own.
`

const corpora = `## How the made texts are made

` + "`cmd/daylight-accuracy/corpus`" + ` makes them. It shares no code with the classifier: numbers and their check digits are worked
out a second time from the public rules, so that a slip of either side shows as a disagreement.

- **Languages**: English, Chinese, Russian, Arabic and German. Values of other countries stand in any of these, called by
  their local name or in English.
- **Prose** is put together from some forty templates and several hundred words a language, and a quarter of the nouns are
  composed or invented, so that no two sentences are equal. It is grammatical only now and then. It holds prices, dates,
  percentages, counts and ordinary uses of words such as passport, card and phone.
- **Values** are written in all their usual forms: with separators and without, in Arabic-Indic or full-width digits where
  people do so, with what they are called before or after them, as a column, as a key of JSON, in a sentence. A value that
  says itself what it is (a card, an IBAN, a number with its separators) also stands without any word. One that does not
  (nine digits) always has a word, a column or a key that says so.
- **Hard negatives** stand among the values and on their own: time stamps in seconds, milliseconds and microseconds, order,
  invoice and tracking numbers, hashes, UUIDs, part numbers, versions, ISBN and EAN, base64, card numbers with a wrong
  check digit.
- **What is left out**: counters, order numbers and other random numbers of 12 digits and more whose last digit happens to
  be the check digit of payment cards (Luhn's). Whether such a number is a card nobody can tell from the number: it is
  one to any reader, and a finding of it is neither right nor wrong. One random number in ten is of that kind; the table
  below says how many of them would be called a card. Short counters, and numbers that fit the check digits of other
  kinds by chance, stay in.
- **What needs a word**: bare digits of which the check says little, such as a Belgian, Norwegian, Czech or Kuwaiti number
  without its separators, are planted with a word, a column or a key only. Many numbers of a log have their form by
  chance.
- **Logs** are those of nginx, syslog, Kubernetes, Java, JSON loggers and Prometheus. **Code** is Go, JavaScript, minified
  JavaScript, Python, SQL, CSS, YAML and lock files.

`

const luhnProse = `Of %s random numbers of each length, each in a line of its own and with Luhn's check digit, so many are called a card,
because an issuer has numbers that begin so:

`

const limits = `## What is not measured

- Names and addresses of persons in running prose: names are found in columns and under keys only.
- How many people a text names, and what the values of a table mean together (purchases, campaigns, locations); the pages
  that were labelled by hand count both.
- Spelling mistakes, numbers that somebody mistyped, text read from pictures, speech.
- Charsets other than UTF-8, escapes within escapes, PDF and office files: tests of their own hold these.
- Languages other than the five, but for what things are called.
- Whether a value belongs to somebody: a number that is made up and right in form is a finding.
- The shares are those of the texts made here, not of anyone's traffic. Precision above all depends on how much harmless
  text stands beside each value.
`
