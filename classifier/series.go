package classifier

// A series is three values of the same shape with little between them: a column
// that lost its header, or numbers pasted one a line. What is too weak alone
// speaks for itself there.
const (
	seriesLength = 3
	seriesGap    = 48 // bytes between two values at most, without any digit
)

// inSeries tells whether the value at text[start:end], a token of digits, stands
// in a series of values that check accepts.
func inSeries(text []byte, start, end int, check func([]byte) bool) bool {
	count := 1
	for at := end; count < seriesLength; count++ {
		from, to := nextDigits(text, at)
		if to-from != end-start || !check(text[from:to]) {
			break
		}
		at = to
	}
	for at := start; count < seriesLength; count++ {
		from, to := digitsBefore(text, at)
		if to-from != end-start || !check(text[from:to]) {
			break
		}
		at = from
	}
	return count == seriesLength
}

// nextDigits returns the next token of digits behind i, an empty range if none is near.
func nextDigits(text []byte, i int) (from, to int) {
	from = i
	for limit := min(len(text), i+seriesGap); from < limit && !isDigit(text[from]); from++ {
	}
	for to = from; to < len(text) && to-from <= longestToken && isDigit(text[to]); to++ {
	}
	if to < len(text) && isWord(text[to]) || from > i && isWord(text[from-1]) {
		return from, from
	}
	return from, to
}

// digitsBefore returns the token of digits that ends before i, an empty range if none is near.
func digitsBefore(text []byte, i int) (from, to int) {
	to = i
	for limit := max(0, i-seriesGap); to > limit && !isDigit(text[to-1]); to-- {
	}
	for from = to; from > 0 && to-from <= longestToken && isDigit(text[from-1]); from-- {
	}
	if from > 0 && isWord(text[from-1]) || to < i && isWord(text[to]) {
		return to, to
	}
	return from, to
}
