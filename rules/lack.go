package rules

// Lack tells what facts do not tell that were read back from the record of an
// exchange: a record holds no content, and not all that was known when it was
// judged. The zero value lacks nothing.
type Lack uint16

// What may be lacking.
const (
	LackContent Lack = 1 << iota // nobody read the body, as nothing asked for it: Content is nil
	LackEarlier                  // what went before in the same connection or file counted as well: it may have been more
	LackMessage                  // the findings are those of many messages, each of which was judged with some of them
	LackBytes                    // the size that was judged is another one than was recorded
	LackAddress                  // the address of the client is not recorded
	LackVerdict                  // judging failed: the verdict is not the policy's
)

// lackWords are the words of the bits, in their order.
var lackWords = [...]string{"content", "earlier", "message", "bytes", "address", "verdict"}

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
