// Command bench measures CloudTag and prints figures, as tables and as JSON.
//
// It drives the real binary over HTTP on a store on disk, and records the same data directly through the store, so that the
// ratio is the cost of the API; on MongoDB also with the driver alone, so that the ratio is the overhead of the store. Here
// live the generated data, the clients and the reports; nothing that the product uses, and no assertions about figures.
package main
