//go:build !race

package detect_test

const poolForgets = false
