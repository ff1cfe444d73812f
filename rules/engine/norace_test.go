//go:build !race

package engine_test

// raced tells whether the race detector runs.
const raced = false
