package detect

// longestCompact bounds the values that a shape looks at.
const longestCompact = 32

// shapeOf makes the shape of a column of a check on values of the given lengths:
// it leaves out blanks, hyphens, points and slashes, and reads capitals.
func shapeOf(check func([]byte) bool, lengths ...int) func([]byte) bool {
	return func(b []byte) bool {
		var buf [longestCompact]byte
		n := 0
		for _, c := range b {
			switch {
			case word(c):
				if n == len(buf) {
					return false
				}
				buf[n] = upper(c)
				n++
			case c != ' ' && c != '-' && c != '.' && c != '/':
				return false
			}
		}
		for _, length := range lengths {
			if n == length {
				return check(buf[:n])
			}
		}
		return false
	}
}
