package mongo

// Token makes a name for the tests.
func Token() string { return token() }
