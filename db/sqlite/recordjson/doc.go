// Package recordjson decodes JSON that encoding/json wrote, such as stored records, in less than half of the time of a general
// decoder.
//
// encoding/json writes the members of a struct in the order of its fields and without spaces, so that the text is compared
// with what is expected next and its strings are not copied. A text of any other form, such as one with escapes or by another
// version of the program, is decoded by the v2 JSON package. Both have the same result.
//
// What must not live here: the types of records.
package recordjson
