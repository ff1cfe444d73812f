package rules

// ternary is a truth value of three-valued logic (Kleene): a condition on
// content that was not read yet is neither true nor false. Smaller is falser, so
// that the conjunction of two is their minimum.
type ternary int8

const (
	no ternary = iota
	unknown
	yes
)

func (t ternary) String() string { return [...]string{"no", "unknown", "yes"}[t] }

func truth(b bool) ternary {
	if b {
		return yes
	}
	return no
}
