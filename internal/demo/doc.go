// Package demo carries a real data set, and makes shops, orders, risk profiles and tags of it. README.md beside this
// file says where it comes from and how it is mapped.
//
// What must not live here: storing. The rows go the way of a user's files.
package demo
