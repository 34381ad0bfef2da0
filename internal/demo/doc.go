// Package demo embeds a real data set and maps it to shops, orders, risk profiles and tags. Its README.md describes the
// source and the mapping.
//
// Storing the rows is the demo command's job: they are imported like a user's files.
package demo
