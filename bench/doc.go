// Command bench measures CloudTag and prints what it found, as a table and as JSON.
//
// It drives the real binary over HTTP on a store on disk, and the same rows straight through the store, so that the
// ratio shows what the API costs; on MongoDB also the same writes and reads by the driver alone, so that the ratio shows
// what the store adds. Here live the data it makes up, the clients and the report; nothing that the
// product itself uses, and no judgement: figures are printed, never asserted.
package main
