// Package rings measures what rings of shops achieve: it lets them attack good accounts of the bundled real data, through
// the services of the domain over a store in memory, under a policy. What is measured has no effect on any stored data.
package rings
