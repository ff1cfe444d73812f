package corpus

import "strings"

// code writes a piece of a source file.
func (w *writer) code() {
	[]func(){w.goSource, w.javaScript, w.python, w.sql, w.css, w.minified, w.lockFile, w.yaml}[w.IntN(8)]()
	w.put("\n")
}

// name returns an identifier in camel case.
func (w *writer) name() string {
	words := w.programWords()
	a, b := w.one(words...), w.one(words...)
	return a + strings.ToUpper(b[:1]) + b[1:]
}

// comment writes a sentence as a comment, in the language of whoever writes.
func (w *writer) comment(open string) {
	w.put(open, " ")
	w.sentence()
	w.put("\n")
}

func (w *writer) goSource() {
	w.comment("//")
	w.put("func (s *", w.brand(), ") ", w.name(), "(ctx context.Context, ", w.name(), " int) (", w.one("string", "[]byte", "int64"), ", error) {\n")
	for range w.between(4, 14) {
		switch w.IntN(5) {
		case 0:
			w.put("\t", w.name(), " := ", w.name(), "(", w.name(), ", ", itoa(w.IntN(5000)), ")\n")
		case 1:
			w.put("\tif err := s.", w.name(), "(ctx); err != nil {\n\t\treturn nil, fmt.Errorf(\"", w.name(), ": %w\", err)\n\t}\n")
		case 2:
			w.put("\tfor i := range ", w.name(), " { ", w.name(), "[i] ^= 0x", w.hex(8), " }\n")
		case 3:
			w.put("\t")
			w.comment("//")
		default:
			w.put("\tconst ", w.name(), " = ", itoa(w.IntN(1<<w.between(8, 45))), " // ", w.one("bytes", "microseconds", "RFC "+itoa(w.between(1000, 9500))), "\n")
		}
	}
	w.put("\treturn ", w.name(), ", nil\n}\n")
}

func (w *writer) javaScript() {
	w.put("import { ", w.name(), ", ", w.name(), " } from '@", w.syllables(2, 2), "/", w.syllables(2, 2), "';\n\n")
	w.comment("//")
	w.put("export async function ", w.name(), "({ ", w.name(), " = ", itoa(w.IntN(10000)), ", ", w.name(), " }) {\n")
	for range w.between(4, 12) {
		switch w.IntN(4) {
		case 0:
			w.put("  const ", w.name(), " = await ", w.name(), ".map((x) => x.", w.name(), " ?? '", w.one(w.programWords()...), "');\n")
		case 1:
			w.put("  if (", w.name(), " > ", itoa(w.IntN(1<<w.between(5, 33))), ") throw new Error(`", w.one(w.programWords()...), " ${", w.name(), "}`);\n")
		case 2:
			w.put("  setTimeout(() => ", w.name(), "(), ", itoa(w.between(1, 600)*100), ");\n")
		default:
			w.put("  ", w.name(), ".push({ id: '", w.uuid(), "', color: '#", w.hex(6), "', x: ", itoa(w.IntN(2000)), ".", w.digits(4), " });\n")
		}
	}
	w.put("}\n")
}

func (w *writer) python() {
	w.put("def ", w.one(w.programWords()...), "_", w.one(w.programWords()...), "(self, ", w.one(w.programWords()...), ": int = ", itoa(w.IntN(4096)), ") -> dict:\n    \"\"\"")
	w.sentence()
	w.put("\"\"\"\n")
	for range w.between(4, 12) {
		switch w.IntN(4) {
		case 0:
			w.put("    ", w.one(w.programWords()...), " = np.array([", itoa(w.IntN(99)), ".", w.digits(3), ", -", itoa(w.IntN(99)), ".", w.digits(6), ", ", itoa(w.IntN(9)), "e-", itoa(w.IntN(9)), "])\n")
		case 1:
			w.put("    for ", w.one(w.programWords()...), " in range(", itoa(w.IntN(500)), "):\n        yield ", w.one(w.programWords()...), "[::", itoa(w.between(2, 9)), "]\n")
		case 2:
			w.put("    logger.info(\"", w.one(w.programWords()...), " %s at %d\", ", w.one(w.programWords()...), ", ", w.digits(10, '0', '2', '3', '4', '5', '6', '7', '8', '9'), ")\n")
		default:
			w.put("    ")
			w.comment("#")
		}
	}
}

func (w *writer) sql() {
	table := w.one(w.programWords()...)
	w.put("CREATE TABLE ", table, " (\n  id BIGINT PRIMARY KEY,\n  ", w.one(w.programWords()...), " VARCHAR(", itoa(w.between(8, 255)), ") NOT NULL,\n  created TIMESTAMP DEFAULT now()\n);\n-- ")
	w.sentence()
	w.put("\n")
	for range w.between(3, 20) {
		w.put("INSERT INTO ", table, " VALUES (", itoa(w.between(1, 1<<w.between(8, 40))), ", '", w.one(w.programWords()...), "', '", w.dateISO(), " ", pad(w.IntN(24), 2), ":", pad(w.IntN(60), 2), ":", pad(w.IntN(60), 2), "');\n")
	}
}

func (w *writer) dateISO() string {
	return itoa(w.between(2019, 2027)) + "-" + pad(w.between(1, 12), 2) + "-" + pad(w.between(1, 28), 2)
}

func (w *writer) css() {
	for range w.between(4, 14) {
		w.put(".", w.one(w.programWords()...), "-", w.one(w.programWords()...), w.one("", ":hover", " > li"), " {\n  margin: ", itoa(w.IntN(64)), "px ", itoa(w.IntN(64)), "px;\n  color: #", w.hex(6),
			";\n  background: url('/i/", w.one(w.programWords()...), "@2x.png?", itoa(int(w.clock/1000)), "');\n  transform: matrix(", itoa(w.IntN(2)), ".", w.digits(3), ", 0, 0, 1, ", itoa(w.IntN(900)), ", -", itoa(w.IntN(900)), ");\n}\n")
	}
}

func (w *writer) minified() {
	w.put("!function(e,t){")
	for range w.between(30, 120) {
		a, b := string(w.from(lowerCase, 1)), string(w.from(lowerCase, 2))
		w.put(w.one("var "+a+"="+itoa(w.IntN(1<<w.between(3, 32)))+",", b+"."+w.syllables(2, 2)+"("+a+","+itoa(w.IntN(999))+");", "if("+a+">"+w.digits(3)+"&&"+b+"<<"+itoa(w.IntN(32))+")return "+b+";",
			"0x"+w.hex(w.between(2, 8))+"^"+a+"[", a+"."+b+"=\""+w.syllables(1, 2)+"\",", "case "+itoa(w.IntN(99999))+":"+a+"-=."+w.digits(w.between(1, 12))+";", "/^[a-z0-9]{"+itoa(w.IntN(9))+",}$/.test("+a+"),"))
	}
	w.put("}(this);\n//# sourceMappingURL=", w.syllables(2, 2), ".", w.hex(8), ".js.map\n")
}

func (w *writer) lockFile() {
	for range w.between(4, 14) {
		name := w.syllables(2, 3)
		version := itoa(w.IntN(20)) + "." + itoa(w.IntN(40)) + "." + itoa(w.IntN(100))
		w.put(w.one(
			"    \"node_modules/"+name+"\": {\n      \"version\": \""+version+"\",\n      \"resolved\": \"https://registry.npmjs.org/"+name+"/-/"+name+"-"+version+".tgz\",\n      \"integrity\": \"sha512-"+string(w.from(alphanumeric+"+/", 86))+"==\"\n    },\n",
			name+" v"+version+" h1:"+string(w.from(alphanumeric+"+/", 43))+"=\n", "[[package]]\nname = \""+name+"\"\nversion = \""+version+"\"\nchecksum = \""+w.hex(64)+"\"\n\n",
		))
	}
}

func (w *writer) yaml() {
	w.put(w.one(w.programWords()...), ":\n")
	for range w.between(5, 20) {
		w.put("  ", w.one(w.programWords()...), "_", w.one(w.programWords()...), ": ", w.one(itoa(w.IntN(1<<w.between(3, 33))), w.one("true", "false", "null"), "\""+w.one(w.programWords()...)+"\"", itoa(w.IntN(60))+"s", w.version(), "sha256:"+w.hex(64), w.host()), "\n")
	}
	w.put("  # ")
	w.sentence()
	w.put("\n")
}
