// Package execution runs operations of GraphQL for the executor that graph/executorgen writes: it plans what an
// operation selects of each type once, then writes the answer in order into one buffer, values as they are reached.
//
// A field that is there already is written where it is met. Fields that may wait, which are those with a resolver, run
// beside each other where an object has several; the rows of a list run one after another, because what belongs to them
// is loaded for all of them by the first row that asks (see model.Batch), unless a field with arguments is asked for in
// each row.
//
// What must not live here: anything about the schema, which the generated code knows.
package execution
