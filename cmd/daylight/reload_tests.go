package main

// test runs the tests of a policy if the configuration asks for it. Its error tells
// of every test that failed.
func (r *reloader) test(policy *loadedPolicy, next *reading) error {
	return nil
}
