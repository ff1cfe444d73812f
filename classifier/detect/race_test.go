//go:build race

package detect_test

// The race detector makes sync.Pool forget at random.
const poolForgets = true
