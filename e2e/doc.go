// Package e2e drives the whole program as its users do: the real binary over HTTP, sockets, the command line and a
// browser. Its tests carry the build tag e2e and run by `make test-e2e`; CLOUDTAG_BINARY names a binary that was
// built before, otherwise one is built.
//
// What must not live here: anything the product needs, and tests that a package could do for itself.
package e2e
