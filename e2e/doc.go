// Package e2e tests the whole program as its users run it: the real binary over HTTP, sockets, the command line and a
// browser. Its tests have the build tag e2e and run by `make test-e2e`; CLOUDTAG_BINARY names an existing binary, otherwise
// one is built.
//
// Tests that a single package can do belong to that package.
package e2e
