package rules

// Lack tells what facts do not tell that were read back from the record of an
// exchange: a record holds no content, and not all that was known when it was
// judged. The zero value lacks nothing.
type Lack uint16

// What may be lacking.
const (
	LackContent Lack = 1 << iota // nobody read the body, as nothing asked for it: Content is nil
	LackRest                     // more than the body was judged: other parts of the file, or what came behind
	LackEarlier                  // earlier messages of the same connection may have been judged with it
	LackMessage                  // the findings are those of many messages, each of which was judged with some of them
	LackBytes                    // the size that was judged is another one than was recorded
	LackAddress                  // the address of the client is not recorded
	LackTime                     // whether it was recognised before the body had left
	LackVerdict                  // judging failed: the verdict is not the policy's
)

// lackWords are the words of the bits, in their order.
var lackWords = [...]string{"content", "rest", "earlier", "message", "bytes", "address", "time", "verdict"}

// Words returns the bounded words for what is lacking, in a fixed order.
func (l Lack) Words() []string {
	var words []string
	for i, word := range lackWords {
		if l&(1<<i) != 0 {
			words = append(words, word)
		}
	}
	return words
}
