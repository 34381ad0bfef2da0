// Package execution is the runtime of the executor that graph/executorgen generates: it plans an operation's selections once,
// then writes the response in order into one buffer. A nullable string, whole number or time of a plain Go type is null when it
// is zero; where zero has a meaning, the Go type is a pointer.
//
// Fields whose value is in memory are written where they occur. Fields that may block, which are those with a resolver, run
// concurrently where an object has several. The elements of a list run in order, because the first one that needs related
// records loads them for all (see model.Batch), unless a field with arguments is selected in each element.
//
// What must not live here: anything about the schema, which the generated code contains.
package execution
